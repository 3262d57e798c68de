/// What the first bytes of a file say that it is, for messages about a file of another kind than was expected.
public enum FileKind: Sendable, Equatable {
  /// A picture, by its format's common name.
  case picture(String)
  /// A document, archive or other kind, by its common name with an article.
  case other(String)
  /// A PNG whose signature was changed on the way, as a transfer in text mode does.
  case brokenPNG
  /// Readable text.
  case text
  /// None of the kinds known here.
  case unknown

  /// As a message names it.
  public var words: String {
    switch self {
    case .picture(let format): "\(format)"
    case .other(let kind): kind
    case .brokenPNG: "a PNG with a damaged signature"
    case .text: "text"
    case .unknown: "data of an unknown format"
    }
  }

  /// What `bytes` look like, by the first few hundred of them.
  public static func sniff(_ bytes: [UInt8]) -> FileKind {
    for magic in magics where bytes.holds(magic.text, at: magic.offset) { return magic.kind }
    if bytes.holds("RIFF", at: 0) && bytes.holds("WEBP", at: 8) { return .picture("a WebP image") }
    if bytes.holds("ftyp", at: 4) {
      if bytes.holds("avif", at: 8) || bytes.holds("avis", at: 8) { return .picture("an AVIF image") }
      let brands = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"]
      return brands.contains { bytes.holds($0, at: 8) } ? .picture("a HEIC image") : .other("a video")
    }
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    if bytes.starts(with: signature) { return .picture("a PNG image") }
    let alike = zip(bytes, signature).count { $0 == $1 }
    if alike >= 5 || bytes.holds("PNG", at: 1) { return .brokenPNG }
    return sniffText(bytes)
  }

  private static func sniffText(_ bytes: [UInt8]) -> FileKind {
    let head = bytes.prefix(512)
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard isText, !head.isEmpty else { return .unknown }
    // A character may be cut in two at the end of the head; any other malformed byte is no text.
    let text = String(decoding: head, as: UTF8.self)
    guard !text.unicodeScalars.dropLast(3).contains("\u{FFFD}") else { return .unknown }
    let lowered = text.lowercased()
    if lowered.contains("<html") || lowered.contains("<!doctype html") { return .other("an HTML page") }
    if lowered.contains("<svg") { return .picture("an SVG drawing") }
    if text.hasPrefix("version https://git-lfs") { return .other("a Git LFS pointer") }
    return .text
  }

  private struct Magic {
    let text: String
    let offset: Int
    let kind: FileKind

    init(_ text: String, at offset: Int = 0, _ kind: FileKind) {
      self.text = text
      self.offset = offset
      self.kind = kind
    }
  }

  /// Written as Latin-1, a byte to a character.
  private static let magics: [Magic] = [
    Magic("\u{FF}\u{D8}\u{FF}", .picture("a JPEG image")),
    Magic("GIF8", .picture("a GIF image")),
    Magic("II*\0", .picture("a TIFF image")),
    Magic("MM\0*", .picture("a TIFF image")),
    Magic("II+\0", .picture("a BigTIFF image")),
    Magic("MM\0+", .picture("a BigTIFF image")),
    Magic("BM", .picture("a BMP image")),
    Magic("\0\0\u{1}\0", .picture("an ICO image")),
    Magic("8BPS", .picture("a Photoshop document")),
    Magic("\0\0\0\u{C}jP  ", .picture("a JPEG 2000 image")),
    Magic("\0\0\0\u{C}JXL ", .picture("a JPEG XL image")),
    Magic("\u{FF}\u{A}", .picture("a JPEG XL image")),
    Magic("v/1\u{1}", .picture("an OpenEXR image")),
    Magic("SIMPLE  =", .picture("a FITS image")),
    Magic("DICM", at: 128, .picture("a DICOM image")),
    Magic("P1\n", .picture("a PNM image")),
    Magic("P2\n", .picture("a PNM image")),
    Magic("P3\n", .picture("a PNM image")),
    Magic("P4\n", .picture("a PNM image")),
    Magic("P5\n", .picture("a PNM image")),
    Magic("P6\n", .picture("a PNM image")),
    Magic("%PDF", .other("a PDF document")),
    Magic("PK\u{3}\u{4}", .other("a ZIP archive")),
    Magic("\u{1F}\u{8B}", .other("a gzip archive")),
    Magic("\u{93}NUMPY", .other("a NumPy array")),
    Magic("\u{89}HDF", .other("an HDF5 file")),
    Magic("GGUF", .other("a GGUF file")),
  ]
}

extension [UInt8] {
  /// Whether the Latin-1 bytes of `text` stand at `offset`.
  fileprivate func holds(_ text: String, at offset: Int) -> Bool {
    let scalars = text.unicodeScalars
    guard offset + scalars.count <= count else { return false }
    return zip(self[offset...], scalars).allSatisfy { UInt32($0) == $1.value }
  }
}
