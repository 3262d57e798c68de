import Foundation

/// Functions of the C library that learning rates follow.
enum RealPower {
  /// `base^exponent` for base in `0…1`; rounded to 40 bits, so that a last-bit difference between C libraries does not reach a learning rate.
  static func of(_ base: Double, _ exponent: Double) -> Double {
    let exact = pow(base, exponent)
    return (exact * 0x1p40).rounded() / 0x1p40
  }

  /// From one value to another along half a cosine; `progress` is `0…1`. Rounded as `of` is.
  static func halfCosine(from first: Float, to last: Float, _ progress: Double) -> Float {
    let share = (((1 + cos(Double.pi * progress)) / 2) * 0x1p40).rounded() / 0x1p40
    return last + (first - last) * Float(share)
  }
}
