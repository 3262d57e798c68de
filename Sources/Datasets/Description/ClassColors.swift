import Images

/// Colours for classes whose description names none.
enum ClassColors {
  /// The colour of a label index in the order of PASCAL VOC (Everingham et al. 2010): the index's bits dealt to
  /// red, green and blue in turn, the lowest first, each from its highest bit down.
  static func standard(_ index: Int) -> Color {
    var (red, green, blue) = (0, 0, 0)
    for round in 0..<8 {
      let bits = index >> (3 * round)
      red |= (bits & 1) << (7 - round)
      green |= (bits >> 1 & 1) << (7 - round)
      blue |= (bits >> 2 & 1) << (7 - round)
    }
    return Color(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
  }
}
