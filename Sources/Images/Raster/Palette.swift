/// The colors that show the classes of a mask.
public struct Palette: Sendable, Equatable {
  /// The color of each label index, 256 at most.
  public let colors: [Color]

  /// A palette of the given colors; those beyond 256 are left out.
  public init(_ colors: [Color]) {
    self.colors = Array(colors.prefix(256))
  }

  /// The color of a label; labels beyond the colors get those of `voc`.
  public subscript(label: UInt8) -> Color {
    Int(label) < colors.count ? colors[Int(label)] : Self.voc.colors[Int(label)]
  }

  /// 256 well-separated colors: bits 0, 1 and 2 of the label go to the highest bits of red, green and blue,
  /// the next three bits below them, and so on (the color map of PASCAL VOC; Everingham et al. 2010).
  public static let voc = Palette(
    (0..<256).map { label in
      func part(_ channel: Int) -> UInt8 {
        (0..<8).reduce(0) { value, step in
          let shift = 3 * step + channel
          return shift < 8 ? value | UInt8(label >> shift & 1) << (7 - step) : value
        }
      }
      return Color(red: part(0), green: part(1), blue: part(2))
    })
}
