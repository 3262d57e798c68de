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

  /// The most of an EXIF chunk that is looked at, in bytes.
  private static let longestEXIF = 1 << 16

  init(_ source: ImageSource, name: String, limits: ImageLimits) throws(ImageError) {
    func damaged(_ reason: String) -> ImageError { .damaged(name: name, format: .png, reason: reason) }
    func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    let size = source.count
    var orientation = Orientation.upright
    var header: [UInt8] = []
    var dataBytes = 0
    var offset = 8
    var type = ""
    while type != "IEND" {
      let start = try source.part(offset..<offset + 8)
      guard start.count == 8 else { throw .cutOff(name: name, format: .png, bytes: size) }
      let length = number(start[..<4])
      guard start[4...].allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }), length < 1 << 31 else {
        throw damaged("no chunk at byte \(offset)")
      }
      type = String(decoding: start[4...], as: UTF8.self)
      guard offset > 8 || type == "IHDR" && length == 13 else { throw damaged("no IHDR chunk") }
      guard offset + 12 + length <= size else {
        throw .cutOff(name: name, format: .png, bytes: size)
      }
      if let fixed = Self.fixedLengths[type], fixed != length {
        throw damaged("\(type) of \(length) bytes instead of \(fixed)")
      }
      if offset == 8 { header = try source.part(16..<29) }
      if type == "IDAT" { dataBytes += length }
      if type == "eXIf" {
        let exif = try source.part(offset + 8..<offset + 8 + min(length, Self.longestEXIF))
        orientation = Orientation(exif: exif[...]) ?? .upright
      }
      offset += 12 + length
    }
    guard header.count == 13 else { throw .cutOff(name: name, format: .png, bytes: size) }
    width = number(header[0..<4])
    height = number(header[4..<8])
    self.orientation = orientation
    try limits.check(width: width, height: height, name: name)
    let channels = PNGColorType(rawValue: header[9])?.channels ?? 1
    let needed = width * height * channels * Int(header[8]) / 8
    guard dataBytes >= needed / Self.bestRatio else {
      throw damaged("\(dataBytes) bytes of pixels, too few for \(width)×\(height)")
    }
  }
}
