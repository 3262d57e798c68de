/// IEEE 754 binary16 in bits, without branches, so that loops over it become vector code on any processor.
///
/// Neither direction relies on subnormal arithmetic, which a processor may be told to flush to zero.
enum HalfPrecision {
  /// The least magnitude that rounds to infinity: halfway from 65504 to 65536.
  static let overflow: Float = 65520

  /// The exact value of a half.
  @inline(__always)
  static func float(_ half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7fff) << 13
    let sign = UInt32(half & 0x8000) << 16
    // Subnormal: with the exponent of 2^-14 set, the mantissa counts from 2^-14, which is then taken away.
    let subnormal = (Float(bitPattern: magnitude | 113 << 23) - Float(bitPattern: 113 << 23)).bitPattern
    let normal = magnitude &+ (127 - 15) << 23
    let special = magnitude | 255 << 23
    let bits = half & 0x7c00 == 0 ? subnormal : (half & 0x7c00 == 0x7c00 ? special : normal)
    return Float(bitPattern: bits | sign)
  }

  /// The nearest half, ties to even; `NaN` stays a (quiet) `NaN`.
  @inline(__always)
  static func bits(_ value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7fff_ffff
    let sign = value.bitPattern >> 16 & 0x8000
    let rounded = magnitude &+ 0xfff &+ (magnitude >> 13 & 1)
    let normal = (rounded &- (127 - 15) << 23) >> 13
    // Subnormal: a float in 0.5 ..< 1 has the spacing of subnormal halves, 2^-24, so that adding 0.5 rounds.
    let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
    let special: UInt32 = magnitude > 0x7f80_0000 ? 0x7e00 | (magnitude >> 13 & 0x3ff) : 0x7c00
    let half = magnitude < 113 << 23 ? subnormal : (magnitude >= overflow.bitPattern ? special : normal)
    return UInt16(truncatingIfNeeded: half | sign)
  }
}
