import TensorCore

/// Joins the probabilities of tiles, which come row by row from the left.
///
/// A pixel is finished as soon as the last of the tiles that count for it has come. What waits is no more than the
/// strips that neighbours share, so that a picture of any height needs memory for a few of its rows.
package struct TileStitcher {
  private let rows: TileAxis
  private let columns: TileAxis
  private let classes: Int
  /// Sums over the tiles so far, of pixels that the next tile of this row shares: what came from the left, and what goes
  /// on to the right.
  private var (left, right): (AlignedStorage, AlignedStorage)
  /// The same of pixels that the next row of tiles shares.
  private var (above, below): (AlignedStorage, AlignedStorage)

  package init(rows: TileAxis, columns: TileAxis, classes: Int) {
    (self.rows, self.columns, self.classes) = (rows, columns, classes)
    let sides = rows.largest.core * columns.largest.shared * classes
    let strips = rows.largest.shared * columns.extent * classes
    (left, right) = (AlignedStorage(count: sides), AlignedStorage(count: sides))
    (above, below) = (AlignedStorage(count: strips), AlignedStorage(count: strips))
  }

  /// Bytes of what waits.
  static func bytes(rows: TileAxis, columns: TileAxis, classes: Int) -> Int {
    let sides = rows.largest.core * columns.largest.shared
    let strips = rows.largest.shared * columns.extent
    return 2 * (sides + strips) * classes * MemoryLayout<Float>.stride
  }

  /// Adds the tile of a row and a column of tiles, and hands out the pixels that are finished by it.
  ///
  /// - Parameters:
  ///   - tile: `[1, H, W, C]` with the tiles' lengths; its elements are overwritten.
  ///   - finish: gets pixels of row `y` from column `x` on, `count` pixels of `classes` probabilities each; called on
  ///     several threads, never twice for a pixel.
  package mutating func add(
    _ tile: inout Tensor, row: Int, column: Int, pool: ThreadPool,
    finish: (_ y: Int, _ x: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) -> Void
  ) {
    if column == 0 && row > 0 { swap(&above, &below) }
    if column > 0 { swap(&left, &right) }
    let strip = Strip(self, row: row, column: column)
    tile.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      pool.forEachChunk(of: strip.rows.count, size: 8) { chunk in
        for index in chunk { strip.add(rowAt: index, of: base, finish) }
      }
    }
  }

  /// The part of the work that one tile is.
  private struct Strip {
    let rows: Range<Int>
    private let columns: Range<Int>
    private let classes: Int
    private let tile: (y: Int, x: Int, width: Int)
    private let weights: (rows: [Float], columns: [Float])
    /// The column up to which tiles before this one have counted, the row up to which rows of tiles before it have.
    private let seen: (column: Int, row: Int)
    /// What the tiles behind share.
    private let shared: (columns: Range<Int>, rows: Range<Int>)
    private let left, right, above, below: UnsafeMutablePointer<Float>
    private let sideWidth: Int
    private let pictureWidth: Int

    init(_ stitcher: TileStitcher, row: Int, column: Int) {
      let (axisY, axisX) = (stitcher.rows, stitcher.columns)
      (rows, columns, classes) = (axisY.core(row), axisX.core(column), stitcher.classes)
      tile = (axisY.origins[row], axisX.origins[column], axisX.length)
      weights = (axisY.weights(row), axisX.weights(column))
      seen = (
        column > 0 ? axisX.core(column - 1).upperBound : 0, row > 0 ? axisY.core(row - 1).upperBound : 0
      )
      shared = (axisX.shared(column), axisY.shared(row))
      (left, right) = (stitcher.left.pointer, stitcher.right.pointer)
      (above, below) = (stitcher.above.pointer, stitcher.below.pointer)
      (sideWidth, pictureWidth) = (axisX.largest.shared, axisX.extent)
    }

    func add(
      rowAt index: Int, of elements: UnsafeMutablePointer<Float>,
      _ finish: (_ y: Int, _ x: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) -> Void
    ) {
      let y = rows.lowerBound + index
      let values = elements + ((y - tile.y) * tile.width + columns.lowerBound - tile.x) * classes
      // Along the row: what came from the left is added, what is shared with the right waits there.
      let (fromLeft, toRight) = (left + index * sideWidth * classes, right + index * sideWidth * classes)
      for (place, weight) in weights.columns.enumerated() where weight != 1 {
        let pixel = values + place * classes
        for channel in 0..<classes { pixel[channel] *= weight }
      }
      let carried = max(0, min(seen.column, columns.upperBound) - columns.lowerBound) * classes
      for element in 0..<carried { values[element] += fromLeft[element] }
      let finished = (shared.columns.lowerBound - columns.lowerBound) * classes
      for element in finished..<columns.count * classes { toRight[element - finished] = values[element] }
      // The same from row to row, for what is finished along the row.
      let weight = weights.rows[index]
      if weight != 1 { for element in 0..<finished { values[element] *= weight } }
      let start = columns.lowerBound * classes
      if y < seen.row {
        let fromAbove = above + index * pictureWidth * classes + start
        for element in 0..<finished { values[element] += fromAbove[element] }
      }
      if y < shared.rows.lowerBound {
        finish(y, columns.lowerBound, finished / classes, UnsafePointer(values))
      } else {
        let toBelow = below + (y - shared.rows.lowerBound) * pictureWidth * classes + start
        for element in 0..<finished { toBelow[element] = values[element] }
      }
    }
  }
}
