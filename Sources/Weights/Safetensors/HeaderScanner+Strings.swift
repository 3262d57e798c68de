extension HeaderScanner {
  /// `"text"`, with its escapes replaced.
  mutating func string() throws(WeightsError) -> String {
    try expect("\"")
    let start = position
    while position < bytes.endIndex {
      let byte = bytes[position]
      if byte < 0x20 { throw syntax("a character that is not a control character") }
      if byte == UInt8(ascii: "\"") {
        position += 1
        // The header as a whole has been found to be UTF-8, and a quotation mark never lies inside a
        // character.
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(after: bytes[start..<position]) }
      position += 1
    }
    throw syntax("\"")
  }

  /// The rest of a string that has escapes, of which `start` has been read.
  private mutating func escapedString(after start: ArraySlice<UInt8>) throws(WeightsError) -> String {
    var text = ""
    var part = start
    while true {
      try charge(MemoryAllowance.escaped(part.count + 4))
      text += String(decoding: part, as: UTF8.self)
      guard position < bytes.endIndex else { throw syntax("\"") }
      let byte = bytes[position]
      if byte < 0x20 { throw syntax("a character that is not a control character") }
      position += 1
      if byte == UInt8(ascii: "\"") { return text }
      text.append(try escape())
      let first = position
      let end = bytes[first...].firstIndex {
        $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
      }
      position = end ?? bytes.endIndex
      part = bytes[first..<position]
    }
  }

  private mutating func escape() throws(WeightsError) -> Character {
    guard position < bytes.endIndex else { throw syntax("an escaped character") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default:
      position -= 1
      throw syntax("an escaped character")
    }
  }

  /// The scalar of `\uXXXX`, or of a surrogate pair of two such escapes.
  private mutating func unicodeEscape() throws(WeightsError) -> Unicode.Scalar {
    let high = try fourHexDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xdc00, take("\\"), take("u") else { throw syntax("a pair of surrogates") }
    let low = try fourHexDigits()
    guard (0xdc00..<0xe000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    else { throw syntax("a pair of surrogates") }
    return scalar
  }

  private mutating func fourHexDigits() throws(WeightsError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.endIndex,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw syntax("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
