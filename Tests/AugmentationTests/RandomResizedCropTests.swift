import Augmentation
import Testing

@Suite struct RandomResizedCropTests {
  @Test func theWholeAreaIsAResize() {
    let sample = countingSample(width: 4, height: 4)
    #expect(
      apply(RandomResizedCrop(width: 2, height: 2, area: 1...1), sample)
        == apply(Resize(width: 2, height: 2), sample))
  }

  /// A quarter of the area of a 4×4 image is a 2×2 window, which fits the result pixel by pixel.
  @Test func aWindowOfTheResultsSizeIsCopied() {
    let seen = (0..<100).map {
      apply(
        RandomResizedCrop(width: 2, height: 2, area: 0.25...0.25), countingSample(width: 4, height: 4),
        seed: $0)
    }
    #expect(seen.allSatisfy { agrees($0) })
    #expect(Set(seen.map(\.labels)).count == 9)
  }

  @Test func oddAspects() {
    for seed in 0..<50 as Range<UInt64> {
      let result = apply(
        RandomResizedCrop(width: 7, height: 3, area: 0.01...1), countingSample(width: 2, height: 9),
        seed: seed)
      #expect(result.width == 7 && result.height == 3)
    }
  }
}
