import Graphs
import Images
import Inference
import TensorCore
import Testing
import Weights

@Suite struct ModelEnsembleTests {
  private func checkpoint(seed: UInt64, _ change: (inout Checkpoint) -> Void = { _ in }) throws -> Checkpoint
  {
    var checkpoint = try SmallNetwork.checkpoint()
    checkpoint.parameters = try SmallNetwork.graph().initialParameters(seed: seed)
    change(&checkpoint)
    return checkpoint
  }

  @Test func averagesProbabilities() throws {
    let pool = ThreadPool(threads: 2)
    let models = try [5, 6, 7].map { try SmallNetwork.model(checkpoint(seed: $0)) }
    let image = picture(9, 7)
    let alone = try models.map { model in
      let found = try Predictor(model, pool: pool).predict(image, name: "a.png", wantsProbabilities: true)
      return try #require(found.probabilities).elements
    }
    let together = try Predictor(try ModelEnsemble(models[0], Array(models[1...])), pool: pool).predict(
      image, name: "a.png", wantsProbabilities: true)
    let found = try #require(together.probabilities).elements
    for (index, probability) in found.enumerated() {
      #expect(abs(probability - (alone[0][index] + alone[1][index] + alone[2][index]) / 3) < 1e-6)
    }
    for (pixel, label) in together.mask.labels.enumerated() {
      let own = Array(found[3 * pixel..<3 * pixel + 3])
      #expect(own[Int(label)] == own.max())
    }
    // Masks of the members alone are others, or nothing would have been shown.
    #expect(
      try models.contains { try Predictor($0, pool: pool).predict(image, name: "").mask != together.mask })
  }

  @Test func oneModelIsItself() throws {
    let pool = ThreadPool(threads: 2)
    let model = try SmallNetwork.model()
    let image = picture(9, 7)
    let twice = try Predictor(try ModelEnsemble(model, [model]), pool: pool).predict(image, name: "a.png")
    #expect(twice.mask == (try Predictor(model, pool: pool).predict(image, name: "a.png")).mask)
    #expect(try ModelEnsemble(model, [model]).name == "small.safetensors, small.safetensors")
  }

  @Test func takesClassNamesFromAnyOfThem() throws {
    let bare = try SmallNetwork.model(
      checkpoint(seed: 5) {
        $0.classes = []; $0.palette = []
      })
    let named = try SmallNetwork.model(checkpoint(seed: 6))
    let ensemble = try ModelEnsemble(bare, [named])
    #expect(ensemble.classes == ["ground", "water", "sky"])
    let predictor = try Predictor(ensemble, pool: ThreadPool(threads: 1))
    #expect(predictor.palette[1] == Color(red: 250, green: 128, blue: 0))
  }

  @Test func refusesOtherClasses() throws {
    let model = try SmallNetwork.model()
    let other = try SmallNetwork.model(checkpoint(seed: 6) { $0.classes = ["sky", "water", "ground"] })
    #expect(
      message { try ModelEnsemble(model, [other]) }
        == "small.safetensors: expected the 3 classes of small.safetensors (ground, water, sky), found 3 (sky, water, "
        + "ground); average checkpoints of the same classes")
    let arguments = ["width": "2", "depth": "2", "classes": "2"]
    let graph = try SmallNetwork.graph(arguments)
    let two = try LoadedModel(
      name: "two.pth", graph: graph,
      checkpoint: Checkpoint(architecture: nil, parameters: try graph.initialParameters(seed: 1)),
      pool: ThreadPool(threads: 1))
    #expect(
      message { try ModelEnsemble(model, [two]) }
        == "two.pth: expected the 3 classes of small.safetensors (ground, water, sky), found 2 (class 0, class 1); "
        + "average checkpoints of the same classes")
  }
}
