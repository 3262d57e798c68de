/// The cyclic redundancy check of Castagnoli et al. 1993, polynomial 0x1EDC6F41 reflected (RFC 3720, appendix B.4):
/// what TensorBoard's files and saved state are checked with.
struct CRC32C {
  private var state: UInt32 = .max

  /// The check of what was added.
  var value: UInt32 { ~state }

  /// The check of `bytes`.
  static func of(_ bytes: [UInt8]) -> UInt32 {
    var check = CRC32C()
    check.add(bytes)
    return check.value
  }

  /// Adds bytes.
  mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  /// Adds bytes, eight at a time, each by a table of its own (Kounavis and Berry 2005, "slicing by 8").
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let whole = bytes.count / 8 * 8
    Self.tables.withUnsafeBufferPointer { tables in
      var sum = state
      for offset in stride(from: 0, to: whole, by: 8) {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(sum)
        sum = 0
        for place in 0..<8 { sum ^= tables[(7 - place) * 256 + Int(word >> (8 * UInt64(place)) & 255)] }
      }
      for offset in whole..<bytes.count {
        sum = tables[Int((sum ^ UInt32(bytes[offset])) & 255)] ^ (sum >> 8)
      }
      state = sum
    }
  }

  /// What a byte does to the check when 0 to 7 bytes follow it, 256 entries each.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = (0..<256).map { (byte: UInt32) -> UInt32 in
      var value = byte
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
      return value
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables.append(tables[Int(before & 255)] ^ (before >> 8))
    }
    return tables
  }()
}
