import Augmentation
import Testing

@Suite struct AugmentationStepTests {
  @Test(arguments: [
    (
      AugmentationStep(.crop(width: 0, height: 4)),
      "crop.width: expected a number in 1…8192, found 0"
    ),
    (
      AugmentationStep(.scale(min: 1.5, max: 0.5)),
      "scale: expected 'min' at most 'max', found 1.5 and 0.5; exchange them"
    ),
    (
      AugmentationStep(.color(brightness: 0, contrast: -0.5, saturation: 0)),
      "color.contrast: expected a number in 0…1, found -0.5"
    ),
    (
      AugmentationStep(.rotate90, probability: 2),
      "rotate90.probability: expected a number in 0…1, found 2"
    ),
    (
      AugmentationStep(.noise(deviation: .nan)),
      "noise.deviation: expected a number in 0…128, found nan"
    ),
    (
      AugmentationStep(.resizedCrop(width: 8, height: 8, min: 0, max: 1)),
      "resized_crop.min: expected a number in 0.01…1, found 0"
    ),
  ])
  func refusesByName(step: AugmentationStep, message: String) {
    let error = #expect(throws: AugmentationError.self) { try AugmentationPipeline([step]) }
    #expect(error?.description == message)
  }

  @Test func mirrorsEverySecondSampleUnlessTold() {
    #expect(AugmentationStep(.flip(.horizontal)).probability == 0.5)
    #expect(AugmentationStep(.flip(.horizontal), probability: 1).probability == 1)
    #expect(AugmentationStep(.rotate90).probability == 1)
  }
}
