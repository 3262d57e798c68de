import Foundation

/// `base^exponent` for base in `0…1`.
enum RealPower {
  /// Rounded to 40 bits, so that a last-bit difference between C libraries does not reach a learning rate.
  static func of(_ base: Double, _ exponent: Double) -> Double {
    let exact = pow(base, exponent)
    return (exact * 0x1p40).rounded() / 0x1p40
  }
}
