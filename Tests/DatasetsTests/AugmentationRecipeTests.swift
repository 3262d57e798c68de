import Augmentation
import Datasets
import Testing

@Suite struct AugmentationRecipeTests {
  private func steps(_ text: String) throws -> [AugmentationStep] {
    let top = try ConfigurationNode.parse(text, file: "recipe.yaml").mapping(known: ["augment"])
    return try AugmentationRecipe.steps(try top.required("augment", "a list"))
  }

  private static let names =
    "scale, resize, crop, resized_crop, flip, rotate90, rotate, affine, elastic, color, gray, gamma, lighting, noise, "
    + "salt_pepper, blur, sobel, cutout, coarse_dropout, jpeg, cutmix, mixup"

  @Test func readsEveryStep() throws {
    let read = try steps(
      """
      augment:
        - scale: {min: 0.75, max: 1.5}
        - crop: {width: 256, height: 128}
        - resize: {width: 64, height: 32}
        - resized_crop: {width: 8, height: 9, min: 0.25}
        - flip: horizontal
        - flip: {axis: vertical, probability: 0.25}
        - rotate90: {}
        - color: {brightness: 0.2, saturation: 0.1, probability: 0.8}
        - gamma: {min: 0.8, max: 1.25}
        - noise: {deviation: 4}
        - blur: {deviation: 1.5, probability: 0.5}
        - resized_crop: {width: 8, height: 9, min: 0.25, min_ratio: 0.75, max_ratio: 1.25}
        - rotate: {degrees: 30}
        - affine: {degrees: 5, min: 0.5, max: 2, shear: 3, translate: 0.25}
        - affine: {}
        - elastic: {probability: 0.5}
        - elastic: {deviation: 4, grid: 5}
        - color: {hue: 0.1}
        - gray: {probability: 0.1}
        - lighting: {}
        - salt_pepper: {amount: 0.01}
        - sobel: {}
        - cutout: {size: 12}
        - coarse_dropout: {count: 8, min: 2, max: 6}
        - jpeg: {min: 30, max: 90}
        - cutmix: {}
        - mixup: {probability: 0.5}
      """)
    #expect(
      read == [
        AugmentationStep(.scale(min: 0.75, max: 1.5)), AugmentationStep(.crop(width: 256, height: 128)),
        AugmentationStep(.resize(width: 64, height: 32)),
        AugmentationStep(.resizedCrop(width: 8, height: 9, min: 0.25, max: 1)),
        AugmentationStep(.flip(.horizontal)), AugmentationStep(.flip(.vertical), probability: 0.25),
        AugmentationStep(.rotate90),
        AugmentationStep(.color(brightness: 0.2, contrast: 0, saturation: 0.1), probability: 0.8),
        AugmentationStep(.gamma(min: 0.8, max: 1.25)), AugmentationStep(.noise(deviation: 4)),
        AugmentationStep(.blur(deviation: 1.5), probability: 0.5),
        AugmentationStep(
          .resizedCrop(width: 8, height: 9, min: 0.25, max: 1, minRatio: 0.75, maxRatio: 1.25)),
        AugmentationStep(.rotate(degrees: 30)),
        AugmentationStep(.affine(degrees: 5, min: 0.5, max: 2, shear: 3, translate: 0.25)),
        AugmentationStep(.affine(degrees: 0, min: 1, max: 1, shear: 0, translate: 0)),
        AugmentationStep(.elastic(deviation: 10, grid: 3), probability: 0.5),
        AugmentationStep(.elastic(deviation: 4, grid: 5)),
        AugmentationStep(.color(brightness: 0, contrast: 0, saturation: 0, hue: 0.1)),
        AugmentationStep(.gray, probability: 0.1), AugmentationStep(.lighting(deviation: 0.1)),
        AugmentationStep(.saltAndPepper(amount: 0.01)), AugmentationStep(.sobel),
        AugmentationStep(.cutout(size: 12)), AugmentationStep(.coarseDropout(count: 8, min: 2, max: 6)),
        AugmentationStep(.jpeg(min: 30, max: 90)), AugmentationStep(.cutMix(min: 0, max: 0.5)),
        AugmentationStep(.mixUp(alpha: 0.2), probability: 0.5),
      ])
  }

  @Test(arguments: [
    (
      "augment: [{mixup: {alpha: 0}}]",
      "recipe.yaml: expected a number in 0.05…4 under 'augment[0].mixup.alpha', found 0"
    ),
    (
      "augment: [{mixup: {}}, {mixup: {alpha: 1}}]",
      "recipe.yaml: expected one 'mixup' under 'augment[1].mixup', found a mapping"
    ),
    (
      "augment: [{crop: {width: 0, height: 4}}]",
      "recipe.yaml: expected a whole number in 1…8192 under 'augment[0].crop.width', found '0'"
    ),
    (
      "augment: [{rotate90: {}}, {noise: {deviation: 200}}]",
      "recipe.yaml: expected a number in 0…128 under 'augment[1].noise.deviation', found 200"
    ),
    (
      "augment: [{scale: {min: 2, max: 1}}]",
      "recipe.yaml: expected 'min' at most 'max' under 'augment[0].scale', found 2 and 1"
    ),
    (
      "augment: [{scale: {min: 2, maximum: 1}}]",
      "recipe.yaml: expected one of the keys min, max, probability, found 'augment[0].scale.maximum'; "
        + "correct its spelling or remove it"
    ),
    (
      "augment: [{mirror: {}}]",
      "recipe.yaml: expected one of the keys \(Self.names), found 'augment[0].mirror'; correct its "
        + "spelling or remove it"
    ),
    (
      "augment: [{flip: sideways}]",
      "recipe.yaml: expected horizontal or vertical under 'augment[0].flip', found 'sideways'"
    ),
    (
      "augment: [{gamma: {min: x, max: 1}}]",
      "recipe.yaml: expected a number under 'augment[0].gamma.min', found 'x'"
    ),
    (
      "augment: [{flip: horizontal, rotate90: {}}]",
      "recipe.yaml: expected one of \(Self.names) "
        + "with its parameters under 'augment[0]', found a mapping"
    ),
    (
      "augment: [{elastic: {grid: 1}}]",
      "recipe.yaml: expected a whole number in 2…64 under 'augment[0].elastic.grid', found '1'"
    ),
    (
      "augment: [{affine: {shear: 60}}]",
      "recipe.yaml: expected a number in 0…45 under 'augment[0].affine.shear', found 60"
    ),
    (
      "augment: [{color: {hue: 0.75}}]",
      "recipe.yaml: expected a number in 0…0.5 under 'augment[0].color.hue', found 0.75"
    ),
    (
      "augment: [{jpeg: {min: 90, max: 30}}]",
      "recipe.yaml: expected 'min' at most 'max' under 'augment[0].jpeg', found 90 and 30"
    ),
    (
      "augment: [{gray: {probability: 2}}]",
      "recipe.yaml: expected a number in 0…1 under 'augment[0].gray.probability', found 2"
    ),
    ("augment: flip", "recipe.yaml: expected a list under 'augment', found 'flip'"),
  ])
  func refusesByName(text: String, expected: String) {
    #expect(message { try steps(text) } == expected)
  }
}
