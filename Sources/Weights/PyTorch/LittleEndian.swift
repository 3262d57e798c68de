extension [UInt8] {
  /// The little-endian number at `offset`; `nil` when it would start before the bytes or end after them.
  func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Number.Type) -> Number? {
    guard offset >= 0, offset <= count, count - offset >= MemoryLayout<Number>.size else { return nil }
    return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
  }

  /// The unsigned number at `offset` as an `Int`; `nil` beyond the bytes, and above `Int.max`.
  func count<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type
  ) -> Int? {
    number(at: offset, as: type).flatMap { Int(exactly: $0) }
  }
}

extension Range<Int> {
  /// `count` places from `start` on; `nil` when they would not all lie below `limit`.
  init?(start: Int, count: Int, limit: Int) {
    guard start >= 0, count >= 0, start <= limit, count <= limit - start else { return nil }
    self = start..<start + count
  }
}
