import Foundation

/// Logarithms of the C library, for pictures alone.
enum Logarithm {
  /// The power of ten that `value` is; not finite for one that is none.
  static func base10(_ value: Double) -> Double { log10(value) }
}
