import Augmentation
import Testing

@Suite struct GaussianBlurTests {
  /// A kernel of a quarter, a half and a quarter.
  @Test func smallKernel() {
    let result = GaussianBlur.blurred(
      graySample(width: 3, height: 1, [0, 100, 40]), weights: [32768, 16384])
    #expect(red(result) == [50, 60, 70])
  }

  @Test func bothAxes() {
    let result = GaussianBlur.blurred(
      graySample(width: 3, height: 3, [0, 0, 0, 0, 160, 0, 0, 0, 0]), weights: [32768, 16384])
    #expect(red(result) == [40, 40, 40, 40, 40, 40, 40, 40, 40])
    let large = GaussianBlur.blurred(
      graySample(width: 5, height: 5, (0..<25).map { $0 == 12 ? 160 : 0 }), weights: [32768, 16384])
    #expect(red(large)[6..<9] == [10, 20, 10])
    #expect(red(large)[11..<14] == [20, 40, 20])
    #expect(red(large)[0..<5] == [0, 0, 0, 0, 0])
  }

  @Test(arguments: [0, 0.3, 1, 2.5, 20])
  func kernelsKeepBrightness(deviation: Double) {
    let weights = GaussianBlur.kernel(deviation: deviation)
    #expect(weights[0] + 2 * weights.dropFirst().reduce(0, +) == 65536)
    let white = graySample(width: 3, height: 2, [UInt8](repeating: 255, count: 6))
    #expect(GaussianBlur.blurred(white, weights: weights) == white)
  }

  @Test func theMaskStays() {
    let sample = countingSample(width: 5, height: 5)
    let result = apply(GaussianBlur(deviation: 3), sample)
    #expect(result.mask == sample.mask)
    #expect(result.image != sample.image)
  }
}
