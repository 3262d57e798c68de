/// How PNG stores a pixel.
public enum PNGColorType: UInt8, Sendable, Equatable {
  /// One sample, black to white.
  case gray = 0
  /// Red, green, blue.
  case rgb = 2
  /// An index into a palette.
  case palette = 3
  /// Gray and alpha.
  case grayAlpha = 4
  /// Red, green, blue, alpha.
  case rgba = 6

  /// As a message names it.
  var words: String {
    switch self {
    case .gray: "gray values"
    case .rgb: "RGB colors"
    case .palette: "palette indices"
    case .grayAlpha: "gray values with alpha"
    case .rgba: "RGBA colors"
    }
  }

  /// Samples for each pixel.
  var channels: Int {
    switch self {
    case .gray, .palette: 1
    case .grayAlpha: 2
    case .rgb: 3
    case .rgba: 4
    }
  }
}

/// The chunks of a PNG file, walked before libpng sees it: whether the file is whole, its size and
/// orientation.
///
/// Memory is taken for a picture only when its size is within the limits and its compressed data are long
/// enough to hold it.
struct PNGLayout {
  /// Pixels.
  let width: Int
  /// Pixels.
  let height: Int
  /// EXIF orientation 1…8.
  let orientation: Orientation

  /// Deflate gives at most 1032 bytes for one.
  private static let bestRatio = 1032
  /// Lengths that the specification fixes (PNG, third edition, section 11.3).
  private static let fixedLengths = ["cHRM": 32, "gAMA": 4, "pHYs": 9, "sRGB": 1, "tIME": 7]

  init(_ bytes: [UInt8], name: String, limits: ImageLimits) throws(ImageError) {
    func damaged(_ reason: String) -> ImageError { .damaged(name: name, format: .png, reason: reason) }
    func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }

    var orientation = Orientation.upright
    var dataBytes = 0
    var offset = 8
    var type = ""
    while type != "IEND" {
      guard offset + 8 <= bytes.count else {
        throw .cutOff(name: name, format: .png, bytes: bytes.count)
      }
      let length = number(at: offset)
      let letters = bytes[offset + 4..<offset + 8]
      guard letters.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }), length < 1 << 31 else {
        throw damaged("no chunk at byte \(offset)")
      }
      type = String(decoding: letters, as: UTF8.self)
      guard offset > 8 || type == "IHDR" && length == 13 else { throw damaged("no IHDR chunk") }
      guard offset + 12 + length <= bytes.count else {
        throw .cutOff(name: name, format: .png, bytes: bytes.count)
      }
      if let fixed = Self.fixedLengths[type], fixed != length {
        throw damaged("\(type) of \(length) bytes instead of \(fixed)")
      }
      if type == "IDAT" { dataBytes += length }
      if type == "eXIf" {
        orientation = Orientation(exif: bytes[offset + 8..<offset + 8 + length]) ?? .upright
      }
      offset += 12 + length
    }
    width = number(at: 16)
    height = number(at: 20)
    self.orientation = orientation
    try limits.check(width: width, height: height, name: name)
    let channels = PNGColorType(rawValue: bytes[25])?.channels ?? 1
    let needed = width * height * channels * Int(bytes[24]) / 8
    guard dataBytes >= needed / Self.bestRatio else {
      throw damaged("\(dataBytes) bytes of pixels, too few for \(width)×\(height)")
    }
  }
}
