import Augmentation
import Images
import Testing

@Suite struct ColorJitterTests {
  @Test func brightnessScales() {
    let result = ColorJitter.adjusted(
      graySample(width: 3, height: 1, [0, 100, 200]), brightness: 1.5, contrast: 1, saturation: 1)
    #expect(red(result) == [0, 150, 255])
  }

  @Test func contrastStretchesAroundTheMean() {
    let result = ColorJitter.adjusted(
      graySample(width: 2, height: 1, [80, 120]), brightness: 1, contrast: 1.5, saturation: 1)
    #expect(red(result) == [70, 130])
  }

  @Test func saturationZeroIsGray() {
    let sample = Sample(
      image: Raster(width: 1, height: 1, channels: 3, samples: .eight([255, 0, 0])),
      mask: Mask(width: 1, height: 1, labels: [0]))
    #expect(
      ColorJitter.adjusted(sample, brightness: 1, contrast: 1, saturation: 0).rgb == [77, 77, 77])
    #expect(
      ColorJitter.adjusted(sample, brightness: 1, contrast: 1, saturation: 0.5).rgb == [166, 39, 39])
  }

  @Test func nothingAskedNothingDone() {
    let sample = countingSample(width: 5, height: 5)
    #expect(apply(ColorJitter(), sample) == sample)
  }

  @Test func theMaskStays() {
    let sample = countingSample(width: 5, height: 5)
    let result = apply(ColorJitter(brightness: 0.5, contrast: 0.5, saturation: 0.5), sample)
    #expect(result.mask == sample.mask)
    #expect(result.image != sample.image)
  }
}
