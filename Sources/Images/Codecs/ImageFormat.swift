/// A picture format that is read and written.
public enum ImageFormat: String, Sendable, Equatable, CaseIterable {
  /// Portable Network Graphics.
  case png = "PNG"
  /// JPEG, baseline or progressive.
  case jpeg = "JPEG"

  /// The format that `bytes` begin like, whatever the file is called; nil for any other.
  public static func sniff(_ bytes: [UInt8]) -> ImageFormat? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    return bytes.starts(with: [0xFF, 0xD8, 0xFF]) ? .jpeg : nil
  }

  /// The format of `bytes`, a whole file or its beginning.
  ///
  /// - Throws: `ImageError` that names what was found instead.
  static func find(_ bytes: [UInt8], name: String) throws(ImageError) -> ImageFormat {
    guard !bytes.isEmpty else { throw .empty(name: name) }
    guard let format = sniff(bytes) else { throw .unknownFormat(name: name, found: .sniff(bytes)) }
    return format
  }
}
