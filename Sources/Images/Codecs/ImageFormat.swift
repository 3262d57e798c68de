/// A picture format that is read and written.
public enum ImageFormat: String, Sendable, Equatable, CaseIterable {
  /// Portable Network Graphics.
  case png = "PNG"
  /// JPEG, baseline or progressive.
  case jpeg = "JPEG"

  /// The format that `bytes` begin like, whatever the file is called; nil for any other.
  public static func sniff(_ bytes: [UInt8]) -> ImageFormat? {
    if bytes.holds("\u{89}PNG\r\n\u{1A}\n", at: 0) { return .png }
    return bytes.holds("\u{FF}\u{D8}\u{FF}", at: 0) ? .jpeg : nil
  }

  /// The format of `bytes`.
  ///
  /// - Throws: `ImageError` that names what was found instead.
  static func find(_ bytes: [UInt8], name: String) throws(ImageError) -> ImageFormat {
    guard !bytes.isEmpty else { throw .empty(name: name) }
    guard let format = sniff(bytes) else { throw .unknownFormat(name: name, found: .sniff(bytes)) }
    return format
  }
}
