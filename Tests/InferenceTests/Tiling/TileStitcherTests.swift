import Inference
import TensorCore
import Testing

@Suite struct TileStitcherTests {
  /// Tiles of random numbers joined at once, with weights for each tile and pixel, in 64 bits.
  @Test(arguments: [(1, 3), (3, 1), (2, 2), (4, 3)]) func asOneSum(rowCount: Int, columnCount: Int) throws {
    let rows =
      rowCount == 1
      ? TileAxis(whole: 24)
      : try #require(TileAxis(extent: 125, count: rowCount, margin: 2, blend: 8, period: 2))
    let columns =
      columnCount == 1
      ? TileAxis(whole: 31)
      : try #require(TileAxis(extent: 150, count: columnCount, margin: 3, blend: 5, period: 1))
    let (classes, width, height) = (3, columns.extent, rows.extent)
    var random = RandomStream(seed: 3)
    var expected = [Double](repeating: 0, count: width * height * classes)
    for threads in [1, 3] {
      random = RandomStream(seed: 3)
      expected = [Double](repeating: 0, count: expected.count)
      var found = [Float](repeating: -1, count: expected.count)
      var stitcher = TileStitcher(rows: rows, columns: columns, classes: classes)
      for row in 0..<rows.count {
        for column in 0..<columns.count {
          let count = rows.length * columns.length * classes
          let values = (0..<count).map { _ in Float(random.below(1000)) / 1000 }
          for (y, down) in zip(rows.core(row), rows.weights(row)) {
            for (x, across) in zip(columns.core(column), columns.weights(column)) {
              let place = (y - rows.origins[row]) * columns.length + x - columns.origins[column]
              for channel in 0..<classes {
                let weight = Double(down) * Double(across)
                expected[(y * width + x) * classes + channel] +=
                  weight * Double(values[place * classes + channel])
              }
            }
          }
          var tile = Tensor(values, shape: [1, rows.length, columns.length, classes])
          found.withUnsafeMutableBufferPointer { found in
            nonisolated(unsafe) let found = found
            stitcher.add(&tile, row: row, column: column, pool: ThreadPool(threads: threads)) {
              y, x, count, values in
              for index in 0..<count * classes {
                if found[(y * width + x) * classes + index] != -1 { found[0] = .nan }
                found[(y * width + x) * classes + index] = values[index]
              }
            }
          }
        }
      }
      let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(found.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(worst < 1e-6)
    }
  }
}
