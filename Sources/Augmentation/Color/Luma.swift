/// The brightness of a colour as the eye sees it.
enum Luma {
  /// ITU-R BT.601 in 1/256, rounded: 0…255.
  @inline(__always)
  static func of(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    (77 * Int(red) + 150 * Int(green) + 29 * Int(blue) + 128) >> 8
  }
}

extension UInt8 {
  /// The nearest whole number in 0…255.
  @inline(__always)
  init(rounding value: Float) {
    self = UInt8(Swift.min(Swift.max(value, 0), 255) + 0.5)
  }
}
