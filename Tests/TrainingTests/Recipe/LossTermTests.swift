import Datasets
import Testing
import Training

@Suite struct LossTermTests {
  private func losses(_ text: String) throws(DatasetError) -> [LossTerm] {
    let recipe = """
      model: {name: unet}
      data: {dataset: set.yaml}
      epochs: 3
      optimiser: {name: sgd, rate: 0.5}

      """
    return try Recipe(try ConfigurationNode.parse(recipe + text, file: "a.yaml"), folder: "").losses
  }

  @Test func everyLoss() throws {
    let read = try losses(
      """
      loss:
        - {name: cross_entropy, weights: [1, 2], smoothing: 0.1}
        - {weight: 0.5}
        - {name: binary_cross_entropy}
        - {name: dice, weight: 2, smooth: 1}
        - {name: jaccard}
        - {name: tversky}
        - {name: tversky, alpha: 0, beta: 1, smooth: 3}
        - {name: lovasz, weight: 0}
        - {name: focal}
        - {name: focal, gamma: 1.5, alpha: 0.25}
        - {name: boundary}
        - {name: boundary, object: 2, w0: 5, sigma: 3, weights: [1, 1, 2]}
        - {name: ohem}
        - {name: ohem, threshold: 0.5, keep: 0.25}
      """)
    #expect(
      read == [
        LossTerm(.crossEntropy(weights: [1, 2], smoothing: 0.1)),
        LossTerm(.crossEntropy(weights: nil, smoothing: 0), weight: 0.5), LossTerm(.binaryCrossEntropy),
        LossTerm(.dice(smooth: 1), weight: 2), LossTerm(.jaccard(smooth: 0)),
        LossTerm(.tversky(alpha: 0.3, beta: 0.7, smooth: 0)),
        LossTerm(.tversky(alpha: 0, beta: 1, smooth: 3)),
        LossTerm(.lovasz, weight: 0), LossTerm(.focal(gamma: 2, alpha: nil)),
        LossTerm(.focal(gamma: 1.5, alpha: 0.25)),
        LossTerm(.boundary(object: 1, w0: 10, sigma: 5, weights: nil)),
        LossTerm(.boundary(object: 2, w0: 5, sigma: 3, weights: [1, 1, 2])),
        LossTerm(.hardPixels(threshold: 0.7, keep: 0.0625)),
        LossTerm(.hardPixels(threshold: 0.5, keep: 0.25)),
      ])
    #expect(try losses("loss: {name: lovasz}") == [LossTerm(.lovasz)])
  }

  @Test(arguments: [
    (
      "loss: {name: hinge}",
      "a.yaml: expected one of cross_entropy, binary_cross_entropy, dice, jaccard, tversky, lovasz, focal, boundary, "
        + "ohem under 'loss.name', found 'hinge'"
    ),
    (
      "loss: [{name: dice}, {name: dice, alpha: 1}]",
      "a.yaml: expected one of the keys name, weight, smooth, found 'loss[1].alpha'; correct its spelling or remove it"
    ),
    (
      "loss: {name: boundary, sigma: 0}",
      "a.yaml: expected a number in 0.1…100.0 under 'loss.sigma', found '0'"
    ),
    ("loss: {name: focal, alpha: 2}", "a.yaml: expected a number in 0.0…1.0 under 'loss.alpha', found '2'"),
    (
      "loss: {name: tversky, alpha: 0, beta: 0}",
      "a.yaml: expected 'alpha' or 'beta' above 0 under 'loss', found a mapping"
    ),
    ("loss: []", "a.yaml: expected at least one loss under 'loss', found a list"),
    ("loss: [{weight: 0}]", "a.yaml: expected a loss of a weight above 0 under 'loss', found a list"),
    ("loss: dice", "a.yaml: expected a mapping under 'loss', found 'dice'"),
  ])
  func refusesByName(text: String, expected: String) {
    #expect(message { try losses(text) } == expected)
  }
}
