/// Walks through a JSON text (RFC 8259) value by value, without keeping it as a tree: annotations have hundreds of
/// megabytes.
struct JSONReader {
  /// What messages call the text.
  let file: String
  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  /// Objects and lists that may be nested.
  private static let deepest = 64

  init(_ bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  /// The kind of the next value.
  enum Kind { case object, list, text, number, word }

  mutating func kind() throws(DatasetError) -> Kind {
    guard let byte = next() else { throw wrong("a value") }
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .list
    case UInt8(ascii: "\""): return .text
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .word
    default: throw wrong("a value")
    }
  }

  /// Calls `body` for each key, with the reader before its value, which `body` reads or skips.
  mutating func object(_ body: (inout JSONReader, String) throws(DatasetError) -> Void) throws(DatasetError) {
    try nested("{", "}") { (reader) throws(DatasetError) in
      let key = try reader.text()
      try reader.expect(":")
      try body(&reader, key)
    }
  }

  /// Calls `body` with the reader before each value, which `body` reads or skips.
  mutating func list(_ body: (inout JSONReader) throws(DatasetError) -> Void) throws(DatasetError) {
    try nested("[", "]", body)
  }

  private mutating func nested(
    _ start: Unicode.Scalar, _ end: Unicode.Scalar, _ body: (inout JSONReader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try expect(start)
    depth += 1
    guard depth <= Self.deepest else { throw wrong("at most \(Self.deepest) values in each other") }
    defer { depth -= 1 }
    if next() == UInt8(ascii: end) {
      offset += 1
      return
    }
    while true {
      try body(&self)
      if next() == UInt8(ascii: end) {
        offset += 1
        return
      }
      try expect(",")
    }
  }

  /// A number.
  mutating func number() throws(DatasetError) -> Double {
    _ = next()
    let start = offset
    while offset < bytes.count, Self.isNumber(bytes[offset]) { offset += 1 }
    let digits = bytes[start..<offset]
    // Nearly all are short, and whole or with a point.
    if let value = Self.plain(digits) { return value }
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      offset = start
      throw wrong("a number")
    }
    return value
  }

  /// Digits without a sign, at most 15 of them.
  private static func plain(_ digits: ArraySlice<UInt8>) -> Double? {
    guard (1...15).contains(digits.count) else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = 10 * value + Int(digit - UInt8(ascii: "0"))
    }
    return Double(value)
  }

  private static func isNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// A whole number.
  mutating func integer() throws(DatasetError) -> Int {
    _ = next()
    let start = offset
    guard let value = Int(exactly: try number()) else {
      offset = start
      throw wrong("a whole number")
    }
    return value
  }

  /// A text.
  mutating func text() throws(DatasetError) -> String {
    try expect("\"")
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") {
      offset += 1
    }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") {
      offset += 1
      return String(decoding: bytes[start..<offset - 1], as: UTF8.self)
    }
    var units = Array(String(decoding: bytes[start..<offset], as: UTF8.self).utf16)
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
      if bytes[offset] == UInt8(ascii: "\\") {
        units.append(try escape())
        continue
      }
      let plain = offset
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") {
        offset += 1
      }
      units += Array(String(decoding: bytes[plain..<offset], as: UTF8.self).utf16)
    }
    try expect("\"")
    return String(decoding: units, as: UTF16.self)
  }

  /// What stands behind a backslash, as a unit of UTF-16.
  private mutating func escape() throws(DatasetError) -> UInt16 {
    offset += 1
    guard offset < bytes.count else { throw wrong("a character") }
    let letter = bytes[offset]
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(letter)
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "u"):
      guard offset + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
      else { throw wrong("four hexadecimal digits") }
      offset += 4
      return unit
    default: throw wrong("an escape that JSON knows")
    }
  }

  /// Passes over a value.
  mutating func skip() throws(DatasetError) {
    switch try kind() {
    case .object: try object { (reader, _) throws(DatasetError) in try reader.skip() }
    case .list: try list { (reader) throws(DatasetError) in try reader.skip() }
    case .text: _ = try text()
    case .number: _ = try number()
    case .word:
      let start = offset
      while offset < bytes.count, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[offset]) {
        offset += 1
      }
      guard ["true", "false", "null"].contains(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
        offset = start
        throw wrong("true, false or null")
      }
    }
  }

  /// Throws unless nothing but blanks follows.
  mutating func end() throws(DatasetError) {
    if next() != nil { throw wrong("the end") }
  }

  /// The next byte that is no blank.
  private mutating func next() -> UInt8? {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      offset += 1
    }
    return nil
  }

  private mutating func expect(_ letter: Unicode.Scalar) throws(DatasetError) {
    guard next() == UInt8(ascii: letter) else { throw wrong("'\(letter)'") }
    offset += 1
  }

  private func wrong(_ expected: String) -> DatasetError {
    .format(.notJSON(file: file, byte: offset, expected: expected))
  }
}
