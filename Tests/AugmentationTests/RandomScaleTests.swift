import Augmentation
import Testing

@Suite struct RandomScaleTests {
  @Test func bothSidesScaleAlike() {
    let result = apply(RandomScale(2...2), countingSample(width: 3, height: 2))
    #expect(result.width == 6 && result.height == 4)
    #expect(result.labels[0..<6] == [0, 0, 1, 1, 2, 2])
  }

  @Test func onePixelStays() {
    let result = apply(RandomScale(0.1...0.1), countingSample(width: 3, height: 2))
    #expect(result.width == 1 && result.height == 1)
  }

  @Test func factorsCoverTheRange() {
    let widths = (0..<200).map {
      apply(RandomScale(0.5...2), countingSample(width: 10, height: 2), seed: $0).width
    }
    #expect(widths.min() ?? 0 == 5)
    #expect(widths.max() ?? 0 == 20)
  }
}
