import Foundation
import Images
import TensorCore

/// Numbers on a grid, such as a channel of an activation.
public struct ValueMap: Sendable, Equatable {
  /// Rows.
  public let rows: Int
  /// Columns.
  public let columns: Int
  /// The numbers, rows from the top; `rows · columns` of them.
  public var values: [Float]

  /// A map of so many numbers as it has places.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "a number for each place")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// One channel of an image of an activation `[N, H, W, C]`.
  public init(_ activation: Tensor, image: Int = 0, channel: Int) {
    let shape = activation.shape
    let pixels = shape.height * shape.width
    self.init(
      rows: shape.height, columns: shape.width,
      values: activation.withUnsafeElements { elements in
        (0..<pixels).map { elements[(image * pixels + $0) * shape.channels + channel] }
      })
  }

  /// The least and the largest finite number; 0 and 0 without any.
  public var range: (lowest: Float, highest: Float) {
    var range: (Float, Float)?
    for value in values where value.isFinite {
      range = (min(range?.0 ?? value, value), max(range?.1 ?? value, value))
    }
    return range ?? (0, 0)
  }

  /// The place of the largest number, the first of equal ones.
  public var peak: (row: Int, column: Int) {
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return (best / max(1, columns), best % max(1, columns))
  }

  /// The map at another size, bilinear between the middles of places.
  public func resampled(rows: Int, columns: Int) -> ValueMap {
    placed(
      by: MapGrid(stretching: self.rows, self.columns, overHeight: rows, width: columns), height: rows,
      width: columns)
  }

  /// The map as it lies in a picture of that size: bilinear between its elements, beyond the outer ones as they are. What
  /// lies outside of the picture is left out.
  public func placed(by grid: MapGrid, height rows: Int, width columns: Int) -> ValueMap {
    let down = Self.places(rows, grid.top, grid.rowStep, of: self.rows)
    let across = Self.places(columns, grid.left, grid.columnStep, of: self.columns)
    var result = [Float](repeating: 0, count: rows * columns)
    for (row, vertical) in down.enumerated() {
      let (upper, lower) = (vertical.first * self.columns, vertical.second * self.columns)
      for (column, horizontal) in across.enumerated() {
        let above =
          values[upper + horizontal.first] * (1 - horizontal.share)
          + values[upper + horizontal.second] * horizontal.share
        let below =
          values[lower + horizontal.first] * (1 - horizontal.share)
          + values[lower + horizontal.second] * horizontal.share
        result[row * columns + column] = above * (1 - vertical.share) + below * vertical.share
      }
    }
    return ValueMap(rows: rows, columns: columns, values: result)
  }

  private static func places(
    _ pixels: Int, _ origin: Double, _ step: Double, of elements: Int
  ) -> [(first: Int, second: Int, share: Float)] {
    (0..<pixels).map { pixel in
      let place = min(max(0, (Double(pixel) - origin) / step), Double(elements - 1))
      let first = Int(place)
      return (first, min(first + 1, elements - 1), Float(place - Double(first)))
    }
  }

  /// The map in the colours of a scale.
  public func picture(_ scale: ColorScale) -> Raster {
    scale.map.picture(
      values, width: columns, lowest: Float(scale.lowest), highest: Float(scale.highest))
  }

  /// The map's colours over a picture in gray; the map has a number for each pixel.
  ///
  /// - Parameter opacity: the share of the colours, `0…1`.
  public func overlay(on picture: Raster, _ scale: ColorScale, opacity: Float = 0.6) -> Raster {
    precondition((rows, columns) == (picture.height, picture.width), "a number for each pixel")
    var result = picture.rgb8()
    let colors = self.picture(scale)
    guard case .eight(var base) = result.samples, case .eight(let over) = colors.samples else {
      return result
    }
    base.withUnsafeMutableBufferPointer { base in
      for pixel in 0..<base.count / 3 {
        let gray =
          (Float(base[3 * pixel]) * 0.299 + Float(base[3 * pixel + 1]) * 0.587
            + Float(base[3 * pixel + 2]) * 0.114) * (1 - opacity)
        for channel in 0..<3 {
          let value = gray + Float(over[3 * pixel + channel]) * opacity
          base[3 * pixel + channel] = UInt8(max(0, min(255, value.rounded())))
        }
      }
    }
    result.samples = .eight(base)
    return result
  }
}

/// What the colours of a picture stand for.
public struct ColorScale: Sendable, Equatable {
  /// The colours.
  public let map: ColorMap
  /// The number at the map's start.
  public let lowest: Double
  /// The number at the map's end.
  public let highest: Double
  /// What the numbers are, in a few words.
  public let meaning: String

  /// A scale from one number to another.
  public init(_ map: ColorMap, lowest: Double, highest: Double, meaning: String) {
    (self.map, self.lowest, self.highest, self.meaning) = (map, lowest, highest, meaning)
  }

  /// A scale for numbers of either sign, 0 in the middle.
  static func balanced(_ largest: Float, meaning: String) -> ColorScale {
    ColorScale(.balance, lowest: -Double(largest), highest: Double(largest), meaning: meaning)
  }
}
