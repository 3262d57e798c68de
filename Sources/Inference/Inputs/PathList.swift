import Files

/// Paths, one for each line.
public struct PathList: Sendable, Equatable {
  /// The paths in their order.
  public let paths: [String]
  /// Lines of which no path can be made, because they are no UTF-8; other bytes are shown as `\\xNN`.
  public let unreadable: [String]

  /// The paths in the file at `path`, or in standard input when that is `-`. Empty lines are left out, and so is a
  /// carriage return before a line's end.
  ///
  /// - Parameter endsWithNull: whether each ends with a null byte, as `find -print0` writes them, so that a name may have
  ///   line breaks.
  /// - Throws: `InferenceError.file`, `.nullBytes` for a list of the other kind.
  public init(_ path: String, endsWithNull: Bool) throws(InferenceError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = path == "-" ? try WholeFile.readStandardInput() : try WholeFile.readStream(path)
    } catch {
      throw .file(error)
    }
    if !endsWithNull && bytes.contains(0) { throw .nullBytes(list: path == "-" ? "standard input" : path) }
    var (paths, unreadable) = ([String](), [String]())
    for part in bytes.split(separator: endsWithNull ? 0 : UInt8(ascii: "\n")) {
      let line = !endsWithNull && part.last == UInt8(ascii: "\r") ? part.dropLast() : part
      if line.isEmpty { continue }
      if let text = String(validating: line, as: UTF8.self) {
        paths.append(text)
      } else {
        unreadable.append(ShownName.text(line))
      }
    }
    (self.paths, self.unreadable) = (paths, unreadable)
  }
}
