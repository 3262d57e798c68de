import Convolutionalization
import Images
import TensorCore

/// Where a classifier sees a class in a picture.
public struct ClassHeatMap: Sendable {
  /// What follows the picture's name in that of the result.
  public static let suffix = ".heatmap.png"
  /// Share of the colours in the overlay.
  static let opacity: Float = 0.6

  /// The label index.
  public let index: Int
  /// The class name.
  public let name: String
  /// The class's probability for each cell, `0…1`.
  public let map: HeatMap
  /// The picture, 8-bit RGB.
  public let picture: Raster

  /// The map's colours over the picture in gray, 8-bit RGB; the brightest colour stands for the map's largest value.
  public func overlay() -> Raster {
    var result = picture
    guard case .eight(var rgb) = picture.samples else { return picture }
    let values = map.resampled(height: picture.height, width: picture.width)
    let peak = map.peak.value
    rgb.withUnsafeMutableBufferPointer { samples in
      guard let base = samples.baseAddress else { return }
      for pixel in values.indices {
        let place = base + 3 * pixel
        let gray = Float(Normalization.luma(place)) * (1 - Self.opacity)
        let color = ColorMap.inferno.parts(at: peak > 0 ? values[pixel] / peak : 0)
        place[0] = Self.sample(gray + color.red * Self.opacity)
        place[1] = Self.sample(gray + color.green * Self.opacity)
        place[2] = Self.sample(gray + color.blue * Self.opacity)
      }
    }
    result.samples = .eight(rgb)
    return result
  }

  private static func sample(_ value: Float) -> UInt8 { UInt8(min(255, max(0, value)).rounded()) }
}
