import Augmentation
import Datasets
import Testing

@Suite struct AugmentationRecipeTests {
  private func steps(_ text: String) throws -> [AugmentationStep] {
    let top = try ConfigurationNode.parse(text, file: "recipe.yaml").mapping(known: ["augment"])
    return try AugmentationRecipe.steps(try top.required("augment", "a list"))
  }

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
      ])
  }

  @Test(arguments: [
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
      "recipe.yaml: expected one of the keys scale, resize, crop, resized_crop, flip, rotate90, color, gamma, "
        + "noise, blur, found 'augment[0].mirror'; correct its spelling or remove it"
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
      "recipe.yaml: expected one of scale, resize, crop, resized_crop, flip, rotate90, color, gamma, noise, blur "
        + "with its parameters under 'augment[0]', found a mapping"
    ),
    ("augment: flip", "recipe.yaml: expected a list under 'augment', found 'flip'"),
  ])
  func refusesByName(text: String, expected: String) {
    #expect(message { try steps(text) } == expected)
  }
}
