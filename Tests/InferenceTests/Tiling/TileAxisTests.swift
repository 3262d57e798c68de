import Inference
import Testing

@Suite struct TileAxisTests {
  static let axes: [TileAxis] = [
    TileAxis(whole: 37),
    TileAxis(extent: 1000, count: 2, margin: 32, blend: 16, period: 16),
    TileAxis(extent: 1000, count: 5, margin: 32, blend: 16, period: 16),
    TileAxis(extent: 1001, count: 7, margin: 16, blend: 64, period: 8),
    TileAxis(extent: 333, count: 4, margin: 5, blend: 3, period: 1),
    TileAxis(extent: 640, count: 3, margin: 0, blend: 160, period: 32),
  ].compactMap { $0 }

  @Test func thereAreAxes() { #expect(Self.axes.count == 6) }

  /// Every pixel counts in some tile, far enough from its inner borders, and weights have the sum 1.
  @Test(arguments: axes) func weightsHaveTheSumOne(_ axis: TileAxis) {
    var sums = [Float](repeating: 0, count: axis.extent)
    for tile in 0..<axis.count {
      let core = axis.core(tile)
      let weights = axis.weights(tile)
      #expect(weights.count == core.count && weights.allSatisfy { $0 > 0 })
      #expect(core.lowerBound >= axis.origins[tile])
      #expect(core.upperBound <= axis.origins[tile] + axis.length)
      if tile > 0 { #expect(core.lowerBound == axis.origins[tile] + axis.margin) }
      if tile < axis.count - 1 { #expect(core.upperBound == axis.origins[tile] + axis.length - axis.margin) }
      for (pixel, weight) in zip(core, weights) { sums[pixel] += weight }
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(axis.core(0).lowerBound == 0 && axis.core(axis.count - 1).upperBound == axis.extent)
  }

  @Test func aPixelOfOneTileHasItsValue() {
    #expect(TileAxis(whole: 5).weights(0) == [1, 1, 1, 1, 1])
  }

  /// The mean of two Gaussians of deviation 1/8 of a tile, done by hand for one pixel.
  @Test func weightsAreGaussian() throws {
    let axis = try #require(TileAxis(extent: 96, count: 2, margin: 8, blend: 16, period: 8))
    #expect(axis.length == 64 && axis.origins == [0, 32] && axis.core(1).lowerBound == 40)
    // Pixel 44: 12.5 behind the middle of the first tile, 19.5 before that of the second; deviation 8.
    // exp(-(12.5/8)²/2) = 0.29502, exp(-(19.5/8)²/2) = 0.05126.
    #expect(abs(axis.weights(0)[44] - 0.85198) < 1e-4)
    #expect(abs(axis.weights(1)[4] - 0.14802) < 1e-4)
  }

  @Test func tilesThatAreNotNeededAreNotMade() {
    #expect(TileAxis(extent: 100, count: 3, margin: 32, blend: 32, period: 32) == nil)
    #expect(TileAxis(extent: 16, count: 2, margin: 0, blend: 16, period: 16) == nil)
    #expect(TileAxis(extent: 1000, count: 1, margin: 0, blend: 16, period: 16) == nil)
  }
}
