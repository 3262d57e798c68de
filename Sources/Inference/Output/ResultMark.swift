import Files
import Foundation

/// What tells of a file that this program made it as a result, where no manifest does.
///
/// PNGs say so in their text `Software`; the other formats are known by how they begin.
enum ResultMark {
  /// The text `Software` of pictures.
  static let software = "Tessera"

  /// Bytes in which a result shows itself: the text follows the palette.
  private static let beginning = 0..<4096

  /// Whether the file at `path` is one of our results.
  static func isOn(_ path: String) -> Bool {
    guard let bytes = try? OpenFile(path).read(beginning) else { return false }
    return isPicture(bytes) || bytes.starts(with: Array("{\n  \"input\": \"".utf8))
      || bytes.dropFirst(8).starts(with: Array("{\"__metadata__\":{\"classes\":\"".utf8))
  }

  /// Whether a PNG has the text before its pixels.
  private static func isPicture(_ bytes: [UInt8]) -> Bool {
    let text = Array("Software\0\(software)".utf8)
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return false }
    var place = 8
    while place + 8 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let (type, data) = (bytes[place + 4..<place + 8], bytes[(place + 8)...].prefix(length))
      if type.elementsEqual("tEXt".utf8) && data.elementsEqual(text) { return true }
      if type.elementsEqual("IDAT".utf8) { return false }
      place += 12 + length
    }
    return false
  }
}
