import Augmentation
import Images
import TensorCore
import Testing

/// Turns, affine maps and elastic deformation.
@Suite struct WarpTests {
  /// Black but for a white square of class 2 whose upper left pixel is (`x`, `y`).
  private func marked(_ x: Int, _ y: Int, side: Int = 3, width: Int = 41, height: Int = 31) -> Sample {
    var (rgb, labels) = (
      [UInt8](repeating: 0, count: width * height * 3), [UInt8](repeating: 0, count: width * height)
    )
    for row in y..<y + side {
      for column in x..<x + side {
        labels[row * width + column] = 2
        for channel in 0..<3 { rgb[(row * width + column) * 3 + channel] = 255 }
      }
    }
    return Sample(
      image: Raster(width: width, height: height, channels: 3, samples: .eight(rgb)),
      mask: Mask(width: width, height: height, labels: labels))
  }

  /// The middle of the bright pixels, and that of the marked labels.
  private func middles(_ sample: Sample) -> (image: SIMD2<Double>, mask: SIMD2<Double>) {
    var (image, mask) = (SIMD2<Double>(), SIMD2<Double>())
    var (light, count) = (0.0, 0.0)
    for (pixel, value) in red(sample).enumerated() {
      let place = SIMD2(Double(pixel % sample.width), Double(pixel / sample.width))
      image += place * Double(value)
      light += Double(value)
      if sample.labels[pixel] == 2 {
        mask += place
        count += 1
      }
    }
    return (image / max(light, 1), mask / max(count, 1))
  }

  @Test func nothingAskedNothingMoves() {
    let sample = countingSample(width: 5, height: 5)
    #expect(apply(RandomAffine(), sample) == sample)
    #expect(apply(ElasticDeformation(deviation: 0), sample) == sample)
  }

  /// Turned clockwise, a quarter at a time, as `QuarterTurn` does.
  @Test func quarterTurnsAreExact() {
    let sample = countingSample(width: 5, height: 5)
    for quarters in 1..<4 {
      #expect(
        RandomAffine.mapped(sample, degrees: Float(90 * quarters), scale: 1, shear: 0, x: 0, y: 0)
          == QuarterTurn.turned(sample, quarters: quarters))
    }
  }

  @Test func movesByWholePixels() {
    let sample = countingSample(width: 4, height: 3)
    let moved = RandomAffine.mapped(sample, degrees: 0, scale: 1, shear: 0, x: 1, y: -1)
    #expect(moved.labels == [255, 4, 5, 6, 255, 8, 9, 10, 255, 255, 255, 255])
    #expect(agrees(moved))
    // Outside the picture is reflected.
    #expect(red(moved) == [5, 4, 5, 6, 9, 8, 9, 10, 5, 4, 5, 6])
  }

  @Test func scaleAndShearByHand() {
    // Twice as large: new pixel p comes from half its way to the middle.
    let large = RandomAffine.mapped(marked(19, 14), degrees: 0, scale: 2, shear: 0, x: 0, y: 0)
    #expect(large.labels.count { $0 == 2 } >= 25)
    let (image, mask) = middles(large)
    #expect(abs(mask.x - 20) <= 0.5 && abs(mask.y - 15) <= 0.5)
    #expect(abs(image.x - 20) < 0.01 && abs(image.y - 15) < 0.01)
    // Slanted by 45 degrees: a row above the middle moves by as much to the left as it is above.
    let slanted = RandomAffine.mapped(marked(20, 10, side: 1), degrees: 0, scale: 1, shear: 45, x: 0, y: 0)
    #expect(slanted.labels.firstIndex(of: 2) == 10 * 41 + 15)
    #expect(red(slanted)[10 * 41 + 15] == 255)
  }

  @Test(arguments: [
    AugmentationStep(.rotate(degrees: 40)),
    AugmentationStep(.affine(degrees: 30, min: 0.8, max: 1.4, shear: 10, translate: 0.1)),
    AugmentationStep(.elastic(deviation: 2, grid: 3)), AugmentationStep(.elastic(deviation: 1.5, grid: 5)),
  ])
  func aMarkMovesAlike(step: AugmentationStep) throws {
    let pipeline = try AugmentationPipeline([step])
    var places: Set<SIMD2<Double>> = []
    for index in 0..<40 {
      let result = pipeline.apply(marked(17, 13, side: 5), seed: 4, epoch: 0, index: index)
      #expect(Set(result.labels).isSubset(of: [0, 2, 255]))
      let (image, mask) = middles(result)
      // The picture's mark is soft and the mask's is not: less than half a pixel between their middles.
      #expect(abs(image.x - mask.x) < 0.5 && abs(image.y - mask.y) < 0.5)
      places.insert(mask)
      #expect(pipeline.apply(marked(17, 13, side: 5), seed: 4, epoch: 0, index: index) == result)
    }
    #expect(places.count > 10)
  }

  /// All points of the grid moved alike move every pixel so.
  @Test func elasticOfOneShiftIsAMove() {
    let sample = countingSample(width: 5, height: 4)
    let shifts = [Float](repeating: 1, count: 9) + [Float](repeating: 0, count: 9)
    let result = ElasticDeformation.deformed(sample, shifts: shifts, grid: 3)
    #expect(result.labels == [1, 2, 3, 4, 255, 6, 7, 8, 9, 255, 11, 12, 13, 14, 255, 16, 17, 18, 19, 255])
    #expect(agrees(result))
  }

  @Test(arguments: [(1, 1), (1, 7), (9, 2)]) func smallPictures(width: Int, height: Int) {
    for seed in 0..<20 as Range<UInt64> {
      let sample = countingSample(width: width, height: height)
      for result in [
        apply(ElasticDeformation(deviation: 50), sample, seed: seed),
        apply(RandomAffine(degrees: 180, scale: 0.1...10, shear: 45, translate: 1), sample, seed: seed),
      ] { #expect(result.width == width && result.height == height) }
    }
  }
}
