import Segmentation

extension Architecture {
  /// The architecture of a name that stands in a file, under a key.
  ///
  /// - Throws: `CommandError.unknownModel`.
  static func named(_ name: String, in file: String, at place: String) throws(CommandError) -> Architecture {
    do throws(SegmentationError) {
      return try NetworkRegistry.architecture(name)
    } catch {
      guard case .unknownModel(let name, let known) = error else { throw .network(file: file, error) }
      throw .unknownModel(file: file, place: place, name: name, known: known)
    }
  }
}

extension CommandError {
  /// What `body` gives, its complaint being about a network that `file` describes.
  static func of<Result>(
    _ file: String, _ body: () throws(SegmentationError) -> Result
  ) throws(CommandError) -> Result {
    do throws(SegmentationError) { return try body() } catch { throw .network(file: file, error) }
  }
}
