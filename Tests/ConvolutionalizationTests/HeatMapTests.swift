import Convolutionalization
import Layers
import Testing

@Suite struct HeatMapTests {
  @Test func peakAndMean() {
    let map = HeatMap(rows: 2, columns: 3, values: [0, 0.5, 0.25, 0.5, 0, 0.25], size: 8, stride: 4)
    #expect(map.peak == (0.5, 0, 1))
    #expect(map.mean == 0.25)
  }

  /// Cells of 5 pixels have their centres at pixels 2, 6 and 10.
  @Test func betweenCentres() {
    let map = HeatMap(rows: 1, columns: 3, values: [0, 4, 8], size: 5, stride: 4)
    let row: [Float] = [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]
    #expect(map.resampled(height: 2, width: 14) == row + row)
    let column = HeatMap(rows: 3, columns: 1, values: [0, 4, 8], size: 5, stride: 4)
    #expect(column.resampled(height: 14, width: 1) == row)
  }

  /// The centre of an even size lies between two pixels.
  @Test func evenSizes() {
    let map = HeatMap(rows: 1, columns: 2, values: [0, 8], size: 4, stride: Pair(4, 4))
    #expect(map.resampled(height: 1, width: 8) == [0, 0, 1, 3, 5, 7, 8, 8])
  }

  @Test func oneCell() {
    let map = HeatMap(rows: 1, columns: 1, values: [0.75], size: 3, stride: 1)
    #expect(map.resampled(height: 2, width: 3) == [Float](repeating: 0.75, count: 6))
  }
}
