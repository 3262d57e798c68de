/// Colours for numbers: points in sRGB with straight lines between them.
///
/// Equal steps of a number look about equally far apart, also to people who do not tell red from green, and light
/// colours stand for large numbers, so that a picture reads in gray too. `balance` is for signed numbers.
public struct ColorMap: Sendable, Equatable {
  /// What pictures call it.
  public let name: String
  private let stops: [Color]

  private init(_ name: String, _ stops: [(UInt8, UInt8, UInt8)]) {
    self.name = name
    self.stops = stops.map { Color(red: $0.0, green: $0.1, blue: $0.2) }
  }

  /// From dark violet over blue and green to yellow: nine points of the map of that name (van der Walt and Smith 2015).
  public static let viridis = ColorMap(
    "viridis",
    [
      (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141), (39, 173, 129),
      (92, 200, 99),
      (170, 220, 50), (253, 231, 37),
    ])

  /// From black over violet and orange to light yellow: nine points of the map of that name (van der Walt and Smith
  /// 2015). For what is laid over a picture, where nothing should stay nothing.
  public static let inferno = ColorMap(
    "inferno",
    [
      (0, 0, 4), (31, 12, 72), (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51), (249, 140, 10),
      (249, 201, 50), (252, 255, 164),
    ])

  /// From blue over near white in the middle to red, for numbers of either sign (Harrower and Brewer 2003, RdBu turned
  /// round).
  public static let balance = ColorMap(
    "balance",
    [
      (5, 48, 97), (33, 102, 172), (67, 147, 195), (146, 197, 222), (209, 229, 240), (247, 247, 247),
      (253, 219, 199), (244, 165, 130), (214, 96, 77), (178, 24, 43), (103, 0, 31),
    ])

  /// Red, green and blue, 0…255, of a number in `0…1`; what lies outside, and what is no number, is brought to the
  /// nearest end.
  public func parts(at value: Float) -> (red: Float, green: Float, blue: Float) {
    let place = (value > 0 ? min(value, 1) : 0) * Float(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let (from, to, share) = (stops[index], stops[index + 1], place - Float(index))
    func part(_ from: UInt8, _ to: UInt8) -> Float { Float(from) + (Float(to) - Float(from)) * share }
    return (part(from.red, to.red), part(from.green, to.green), part(from.blue, to.blue))
  }

  /// The colour of a number in `0…1`.
  public func color(at value: Float) -> Color {
    let (red, green, blue) = parts(at: value)
    return Color(red: UInt8(red.rounded()), green: UInt8(green.rounded()), blue: UInt8(blue.rounded()))
  }

  /// Numbers as a picture, 8-bit RGB: `width` in a row, `lowest` and `highest` at the ends of the map.
  ///
  /// Where both ends are equal, everything has the colour of the middle.
  public func picture(_ values: [Float], width: Int, lowest: Float, highest: Float) -> Raster {
    precondition(width > 0 && values.count % width == 0, "whole rows of values")
    let table = (0...255).map { color(at: Float($0) / 255) }
    let scale = highest > lowest ? 255 / (highest - lowest) : 0
    let rgb = [UInt8](unsafeUninitializedCapacity: 3 * values.count) { target, filled in
      for (index, value) in values.enumerated() {
        let place = scale > 0 ? (value - lowest) * scale : 127.5
        let color = table[place > 0 ? Int(min(place, 255).rounded()) : 0]
        (target[3 * index], target[3 * index + 1], target[3 * index + 2]) = (
          color.red, color.green, color.blue
        )
      }
      filled = 3 * values.count
    }
    return Raster(width: width, height: values.count / width, channels: 3, samples: .eight(rgb))
  }
}
