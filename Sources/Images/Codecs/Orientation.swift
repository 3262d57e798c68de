/// How a stored picture is turned to be upright: the values of the EXIF tag 0x0112.
enum Orientation: Int {
  case upright = 1
  case mirrored = 2
  case halfTurn = 3
  case flipped = 4
  case transposed = 5
  case quarterTurn = 6
  case transversed = 7
  case threeQuarterTurn = 8

  /// The orientation in a TIFF structure, with or without "Exif\0\0" before it; nil when there is none, or a
  /// value that means nothing.
  init?(exif bytes: ArraySlice<UInt8>) {
    let tiff = bytes.starts(with: Array("Exif\0".utf8)) ? bytes.dropFirst(6) : bytes
    let isLittle: Bool
    switch tiff.first {
    case 0x49: isLittle = true
    case 0x4D: isLittle = false
    default: return nil
    }
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - count else { return nil }
      let field = tiff[tiff.startIndex + offset..<tiff.startIndex + offset + count]
      return isLittle
        ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(at: offset, bytes: 2), let kind = number(at: offset + 2, bytes: 2) else {
        return nil
      }
      guard tag == 0x0112 else { continue }
      // SHORT is what the standard asks for; some writers use LONG.
      guard kind == 3 || kind == 4, let value = number(at: offset + 8, bytes: kind == 3 ? 2 : 4) else {
        return nil
      }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
