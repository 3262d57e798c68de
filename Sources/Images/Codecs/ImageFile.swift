import Files

/// A picture file that is open: what it says of itself, and its pixels, at once or row by row.
public struct ImageFile: Sendable {
  /// What the file says of itself.
  public let header: ImageHeader
  /// Size of the file in bytes.
  public let bytes: Int
  let file: OpenFile
  let limits: ImageLimits

  /// Opens the file at `path` and reads its headers, all chunks of a PNG among them, but not its pixels.
  ///
  /// - Throws: `ImageError`.
  public init(_ path: String, limits: ImageLimits = .standard) throws(ImageError) {
    do throws(FileError) {
      file = try OpenFile(path)
      bytes = try file.size()
    } catch {
      throw .file(error)
    }
    guard bytes <= limits.maxFileBytes else {
      throw .tooManyBytes(path: path, bytes: bytes, limit: limits.maxFileBytes)
    }
    self.limits = limits
    header = try ImageHeader(.file(file, bytes: bytes), name: path, limits: limits)
  }

  /// The file's path.
  public var path: String { file.path }

  /// The picture, as `ImageReader.read` gives it.
  ///
  /// - Throws: `ImageError`.
  public func raster() throws(ImageError) -> Raster {
    let contents: [UInt8]
    do throws(FileError) { contents = try file.read(0..<bytes) } catch { throw .file(error) }
    return try ImageReader.decode(contents, name: path, limits: limits)
  }

  /// The picture from its first row on.
  ///
  /// - Parameter maxMemory: bytes that the decoder may take apart from rows.
  /// - Throws: `ImageError`, as `ImageRowReader`.
  public func rows(maxMemory: Int = .max) throws(ImageError) -> ImageRowReader {
    try ImageRowReader(self, maxMemory: maxMemory)
  }
}
