import Augmentation
import Images
import Testing

@Suite struct LabelledSampleTests {
  /// The picture changes as one with a mask does, and its class stays.
  @Test(arguments: [
    AugmentationStep(.scale(min: 0.4, max: 1.7)), AugmentationStep(.resize(width: 7, height: 3)),
    AugmentationStep(.crop(width: 9, height: 2)),
    AugmentationStep(.resizedCrop(width: 4, height: 4, min: 0.2, max: 0.9)),
    AugmentationStep(.flip(.horizontal), probability: 1), AugmentationStep(.flip(.vertical), probability: 1),
    AugmentationStep(.rotate90), AugmentationStep(.color(brightness: 0.3, contrast: 0.3, saturation: 0.3)),
    AugmentationStep(.gamma(min: 0.5, max: 2)), AugmentationStep(.noise(deviation: 9)),
    AugmentationStep(.blur(deviation: 2)), AugmentationStep(.rotate(degrees: 90)),
    AugmentationStep(.affine(degrees: 20, min: 0.5, max: 2, shear: 10, translate: 0.3)),
    AugmentationStep(.elastic(deviation: 2, grid: 3)), AugmentationStep(.gray), AugmentationStep(.sobel),
    AugmentationStep(.lighting(deviation: 0.5)), AugmentationStep(.saltAndPepper(amount: 0.3)),
    AugmentationStep(.cutout(size: 3)), AugmentationStep(.coarseDropout(count: 3, min: 1, max: 2)),
    AugmentationStep(.jpeg(min: 20, max: 90)),
  ])
  func everyStep(step: AugmentationStep) throws {
    let masked = countingSample(width: 5, height: 4)
    let labelled = Sample(image: masked.image, label: 999)
    let pipeline = try AugmentationPipeline([step])
    for index in 0..<8 {
      let expected = pipeline.apply(masked, seed: 3, epoch: 1, index: index)
      let found = pipeline.apply(labelled, seed: 3, epoch: 1, index: index)
      #expect(found.image == expected.image && found.label == 999 && found.mask == nil)
      #expect(expected.mask != nil && expected.label == nil)
    }
  }
}
