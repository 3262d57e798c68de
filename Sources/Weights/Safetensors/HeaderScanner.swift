import TensorCore

/// Reads the JSON of a safetensors header: one object whose values are objects of two known kinds.
///
/// A general JSON reader would accept what the format forbids (a key given twice, numbers with fractions) and
/// would follow nesting as deep as a hostile file likes; this grammar has no recursion at all.
struct HeaderScanner {
  let bytes: ArraySlice<UInt8>
  private let file: String
  /// Where the next character stands.
  var position: Int
  private var allowance: MemoryAllowance

  /// A scanner of the header `bytes` of a file, whose allowance is charged for what is made of them.
  init(_ bytes: ArraySlice<UInt8>, file: String, _ allowance: MemoryAllowance) {
    self.bytes = bytes
    self.file = file
    self.allowance = allowance
    position = bytes.startIndex
  }

  /// Charges bytes of memory to the file's allowance.
  mutating func charge(_ bytes: Int) throws(WeightsError) {
    guard allowance.take(bytes) else {
      throw .headerOutweighsFile(file: file, limit: allowance.limit)
    }
  }

  /// An entry as the header words it, before its offsets are checked.
  struct Entry {
    var name: String
    var type: ElementType
    var extents: [Int]
    var start: Int
    var end: Int
  }

  /// The whole header, and what it leaves of the file's allowance.
  mutating func header() throws(WeightsError) -> (
    metadata: [String: String], entries: [Entry], allowance: MemoryAllowance
  ) {
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    var seen: Set<String> = []
    try object { (scanner, key) throws(WeightsError) in
      guard seen.insert(key).inserted else { throw .duplicateKey(file: scanner.file, key: key) }
      if key == SafetensorsHeader.metadataKey {
        metadata = try scanner.strings()
      } else {
        let entry = try scanner.entry(key)
        try scanner.charge(MemoryAllowance.entry(key, rank: entry.extents.count))
        entries.append(entry)
      }
    }
    skipSpace()
    if position < bytes.endIndex { throw syntax("the end of the header") }
    return (metadata, entries, allowance)
  }

  private mutating func strings() throws(WeightsError) -> [String: String] {
    var result: [String: String] = [:]
    try object { (scanner, key) throws(WeightsError) in
      let value = try scanner.string()
      try scanner.charge(MemoryAllowance.pair(key, value))
      guard result.updateValue(value, forKey: key) == nil else {
        throw .duplicateKey(file: scanner.file, key: key)
      }
    }
    return result
  }

  private mutating func entry(_ name: String) throws(WeightsError) -> Entry {
    var type: ElementType?
    var extents: [Int]?
    var offsets: [Int]?
    try object { (scanner, key) throws(WeightsError) in
      switch key {
      case "dtype" where type == nil:
        let word = try scanner.string()
        type = ElementType(rawValue: word)
        if type == nil {
          throw .unknownElementType(file: scanner.file, tensor: name, found: word)
        }
      case "shape" where extents == nil:
        extents = try scanner.numbers(in: name)
      case "data_offsets" where offsets == nil:
        offsets = try scanner.numbers(in: name)
      case "dtype", "shape", "data_offsets":
        throw .duplicateKey(file: scanner.file, key: "\(name).\(key)")
      default:
        throw .unknownKey(file: scanner.file, tensor: name, key: key)
      }
    }
    guard let type, let extents, let offsets, offsets.count == 2 else {
      throw .incompleteEntry(file: file, tensor: name)
    }
    return Entry(name: name, type: type, extents: extents, start: offsets[0], end: offsets[1])
  }
}

extension HeaderScanner {
  /// `{ "key": value, … }`; `body` reads the value.
  private mutating func object(
    _ body: (inout HeaderScanner, String) throws(WeightsError) -> Void
  ) throws(WeightsError) {
    try expect("{")
    if skip("}") { return }
    repeat {
      let key = try string()
      guard key.utf8.count <= SafetensorsHeader.nameLimit else {
        throw tooMuch("a name of at most \(SafetensorsHeader.nameLimit) bytes", "one of \(key.utf8.count)")
      }
      try expect(":")
      try body(&self, key)
    } while skip(",")
    try expect("}")
  }

  /// `[1, 2, …]`, whole numbers from 0.
  private mutating func numbers(in tensor: String) throws(WeightsError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if skip("]") { return result }
    repeat {
      guard result.count < SafetensorsHeader.rankLimit else {
        throw tooMuch("at most \(SafetensorsHeader.rankLimit) numbers", "more")
      }
      result.append(try number(in: tensor))
    } while skip(",")
    try expect("]")
    return result
  }

  /// What stands here is allowed by the grammar and larger than anyone needs.
  private func tooMuch(_ expected: String, _ found: String) -> WeightsError {
    .headerSyntax(file: file, offset: position - bytes.startIndex, expected: expected, found: found)
  }

  private mutating func number(in tensor: String) throws(WeightsError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.endIndex, case let digit = bytes[position] &- 0x30, digit < 10 {
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(Int(digit))
      if first || second { throw .sizeOverflow(file: file, tensor: tensor) }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && bytes[start] == 0x30
    if position == start || hasLeadingZero {
      position = start
      throw syntax("a whole number from 0")
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return take(character)
  }

  mutating func expect(_ character: Unicode.Scalar) throws(WeightsError) {
    if !skip(character) { throw syntax(String(character)) }
  }

  /// The error of what stands here.
  func syntax(_ expected: String) -> WeightsError {
    var found = "the end of the header"
    if position < bytes.endIndex {
      let byte = bytes[position]
      found = (0x21..<0x7f).contains(byte) ? String(Unicode.Scalar(byte)) : "byte \(byte)"
    }
    return .headerSyntax(
      file: file, offset: position - bytes.startIndex, expected: expected, found: found)
  }
}
