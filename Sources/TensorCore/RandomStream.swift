/// A stream of random numbers that depends on its keys alone, never on time, threads or platform.
///
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): good enough for
/// initial weights and augmentation, small enough to keep one for each sample.
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  private var state: UInt64

  /// The stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// The stream that belongs to a list of keys, such as seed, epoch and sample.
  public init(keys: UInt64...) {
    state = 0x9E37_79B9_7F4A_7C15
    for key in keys {
      state = Self.mix(state ^ Self.mix(key &+ 0x9E37_79B9_7F4A_7C15))
    }
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A uniform number in `0..<1` with 24 random bits.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform number in `range`.
  public mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in `0..<bound`, `bound` > 0.
  public mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

  /// A normal number of mean 0 and standard deviation 1, as the sum of twelve uniform ones less 6.
  ///
  /// Sums are exact in `Float` order on every platform, which logarithms and cosines of different C libraries
  /// are not; the tails end at ±6.
  public mutating func normal() -> Float {
    var sum: Float = -6
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  /// A random order of `0..<count` (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, below(last + 1))
    }
    return order
  }
}
