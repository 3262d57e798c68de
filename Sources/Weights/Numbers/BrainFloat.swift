/// bfloat16 in bits: the upper half of a binary32.
enum BrainFloat {
  /// The least magnitude that rounds to infinity: halfway from the greatest finite value to 2^128.
  static let overflow = Float(bitPattern: 0x7f7f_8000)

  /// The exact value.
  @inline(__always)
  static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The nearest, ties to even; `NaN` stays a (quiet) `NaN`.
  @inline(__always)
  static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let rounded = (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16
    let quiet = bits >> 16 | 0x40
    return UInt16(truncatingIfNeeded: bits & 0x7fff_ffff > 0x7f80_0000 ? quiet : rounded)
  }
}
