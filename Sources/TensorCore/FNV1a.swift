/// A 64-bit hash that is the same in every run and on every machine, unlike Swift's own: Fowler, Noll and Vo's FNV-1a
/// (1991; draft-eastlake-fnv). It tells things apart that nobody forges.
public struct FNV1a: Sendable, Equatable {
  /// The hash of what was added.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// The hash of a text's UTF-8 bytes.
  public init(_ text: String) {
    self.init()
    add(text)
  }

  /// Adds a text's UTF-8 bytes.
  public mutating func add(_ text: String) { for byte in text.utf8 { add(UInt64(byte)) } }

  /// Adds numbers by their bits, each in one step.
  public mutating func add(_ numbers: UnsafeBufferPointer<Float>) {
    for number in numbers { add(UInt64(number.bitPattern)) }
  }

  /// Adds one value in one step; a byte, of the hash as it was published.
  private mutating func add(_ step: UInt64) { value = (value ^ step) &* 0x100_0000_01B3 }

  /// The hash as 16 hexadecimal digits.
  public var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
