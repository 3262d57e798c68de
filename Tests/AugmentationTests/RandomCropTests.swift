import Augmentation
import Testing

@Suite struct RandomCropTests {
  @Test func cutsAWindow() {
    let window = RandomCrop.window(of: countingSample(width: 4, height: 3), x: 1, y: 1, width: 2, height: 2)
    #expect(window.labels == [5, 6, 9, 10])
    #expect(agrees(window))
  }

  @Test func goesOnByReflectionAndIgnoresThere() {
    let window = RandomCrop.window(of: countingSample(width: 3, height: 2), x: -1, y: -1, width: 5, height: 4)
    let i = Sample.ignoredLabel
    #expect(window.labels == [i, i, i, i, i, i, 0, 1, 2, i, i, 3, 4, 5, i, i, i, i, i, i])
    #expect(red(window) == [4, 3, 4, 5, 4, 1, 0, 1, 2, 1, 4, 3, 4, 5, 4, 1, 0, 1, 2, 1])
    #expect(agrees(window))
  }

  @Test func onePixelFillsAnyWindow() {
    let window = apply(RandomCrop(width: 4, height: 3), countingSample(width: 1, height: 1))
    #expect(red(window) == [UInt8](repeating: 0, count: 12))
    #expect(window.labels.filter { $0 == 0 }.count == 1)
  }

  @Test func everyPlaceIsDrawn() {
    let larger = Set(
      (0..<200).map {
        apply(RandomCrop(width: 2, height: 2), countingSample(width: 4, height: 3), seed: $0).labels
      })
    #expect(larger.count == 6)
    let smaller = Set(
      (0..<200).map {
        apply(RandomCrop(width: 4, height: 2), countingSample(width: 2, height: 2), seed: $0).labels
      })
    #expect(smaller.count == 3)
    #expect(smaller.allSatisfy { $0.count == 8 })
  }

  @Test func aWindowLargerOnOneAxisOnly() {
    for seed in 0..<20 as Range<UInt64> {
      let window = apply(RandomCrop(width: 2, height: 7), countingSample(width: 5, height: 4), seed: seed)
      #expect(window.width == 2 && window.height == 7)
      #expect(window.labels.filter { $0 == Sample.ignoredLabel }.count == 6)
      #expect(agrees(window))
    }
  }
}
