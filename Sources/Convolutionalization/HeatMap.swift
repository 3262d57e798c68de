import Layers
import TensorCore

/// A number for each cell of a sliding classifier, laid over its image.
public struct HeatMap: Sendable, Equatable {
  /// Rows of cells.
  public let rows: Int
  /// Columns of cells.
  public let columns: Int
  /// The numbers, rows from the top; `rows · columns` of them.
  public let values: [Float]
  /// Height and width in pixels of what a cell stands for.
  public let size: Pair
  /// Pixels from a cell to the next.
  public let stride: Pair

  /// A map of as many values as it has cells.
  public init(rows: Int, columns: Int, values: [Float], size: Pair, stride: Pair) {
    precondition(values.count == rows * columns && rows > 0 && columns > 0)
    (self.rows, self.columns, self.values) = (rows, columns, values)
    (self.size, self.stride) = (size, stride)
  }

  /// The largest value and its cell, the first of equal ones.
  public var peak: (value: Float, row: Int, column: Int) {
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return (values[best], best / columns, best % columns)
  }

  /// The mean over all cells.
  public var mean: Double { values.reduce(0) { $0 + Double($1) } / Double(values.count) }

  /// A value for each pixel of an image: bilinear between the centres of the cells, the outermost cells' beyond them.
  public func resampled(height: Int, width: Int) -> [Float] {
    let vertical = (0..<height).map { Self.place($0, size.height, stride.height, count: rows) }
    let horizontal = (0..<width).map { Self.place($0, size.width, stride.width, count: columns) }
    return [Float](unsafeUninitializedCapacity: height * width) { target, filled in
      for y in 0..<height {
        let (row, down) = vertical[y]
        let (upper, lower) = (row * columns, min(row + 1, rows - 1) * columns)
        for x in 0..<width {
          let (column, right) = horizontal[x]
          let next = min(column + 1, columns - 1)
          let above = values[upper + column] * (1 - right) + values[upper + next] * right
          let below = values[lower + column] * (1 - right) + values[lower + next] * right
          target[y * width + x] = above * (1 - down) + below * down
        }
      }
      filled = height * width
    }
  }

  /// The cell at or before a pixel, and how far the pixel is from it to the next, `0..<1`.
  private static func place(
    _ pixel: Int, _ size: Int, _ stride: Int, count: Int
  ) -> (cell: Int, fraction: Float) {
    // Twice the distance from the first cell's centre, which may lie between two pixels.
    let distance = 2 * pixel - (size - 1)
    if distance <= 0 { return (0, 0) }
    let cell = distance / (2 * stride)
    if cell >= count - 1 { return (count - 1, 0) }
    return (cell, Float(distance - cell * 2 * stride) / Float(2 * stride))
  }
}
