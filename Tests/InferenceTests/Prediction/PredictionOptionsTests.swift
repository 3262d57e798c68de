import Images
import Inference
import TensorCore
import Testing
import Weights

@Suite struct PredictionOptionsTests {
  private func predict(
    _ change: (inout PredictionOptions) -> Void, classes: [String] = ["ground", "water", "sky"],
    wide: Bool = false
  ) throws -> Prediction {
    var options = PredictionOptions()
    change(&options)
    var checkpoint = try SmallNetwork.checkpoint()
    checkpoint.classes = classes
    return try Predictor(
      try SmallNetwork.model(checkpoint), options: options, pool: ThreadPool(threads: 2)
    ).predict(picture(40, 30), name: "a.png", wantsProbabilities: true)
  }

  /// What is not chosen is of no class, also where the network has background as another class than the first.
  @Test(arguments: [["ground", "water", "sky"], ["ground", "background", "sky"]])
  func chosenClasses(classes: [String]) throws {
    let all = try predict({ _ in }, classes: classes)
    let some = try predict({ $0.classes = ["sky", "0"] }, classes: classes)
    #expect(all.mask.labels.contains(1))
    #expect(some.mask.labels == all.mask.labels.map { $0 == 1 ? 255 : $0 })
    #expect(some.chosenClasses == [0, 2])
    #expect(some.pixels[1] == 0)
  }

  @Test func whatIsNotChosenIsBackground() throws {
    let classes = ["Background", "water", "sky"]
    let all = try predict({ _ in }, classes: classes)
    let some = try predict({ $0.classes = ["sky"] }, classes: classes)
    #expect(some.mask.labels == all.mask.labels.map { $0 == 2 ? 2 : 0 })
    let background = try predict({ $0.classes = ["0"] }, classes: classes)
    #expect(background.mask.labels == all.mask.labels.map { $0 == 0 ? 0 : 255 })
  }

  @Test func unknownClass() {
    let text = message { try predict { $0.classes = ["lake"] } }
    #expect(text == "--classes: expected a class, ground, water, sky, or an index of 0…2, found 'lake'")
  }

  @Test func smallRegionsAreMerged() throws {
    let plain = try predict({ _ in })
    let areas = PredictionDescription(plain, input: "a.png").classes.flatMap { $0.regions.map(\.area) }
    let least = try #require(areas.min())
    var mask = plain.mask
    mask.mergeRegions(smallerThan: least + 1)
    #expect(mask != plain.mask)
    #expect(try predict({ $0.minArea = least + 1 }).mask == mask)
    #expect(try predict({ $0.minArea = least }).mask == plain.mask)
  }

  @Test func aThresholdForThreeClasses() {
    let text = message { try predict { $0.threshold = 0.3 } }
    #expect(
      text == "--threshold: expected a network of 2 classes, found small.safetensors with 3; leave it out")
  }

  /// The second class where it is more probable than the threshold, in one piece and in tiles.
  @Test(arguments: [0.2, 0.45, 0.5, 0.9] as [Float]) func threshold(_ threshold: Float) throws {
    let arguments = ["width": "2", "depth": "1", "classes": "2"]
    let graph = try SmallNetwork.graph(arguments)
    var checkpoint = Checkpoint(architecture: "unet", parameters: try graph.initialParameters(seed: 5))
    checkpoint.arguments = arguments
    let image = picture(600, 400)
    for bytes in [1 << 30, 57 << 20] {
      var options = PredictionOptions()
      (options.threshold, options.memory) = (threshold, MemoryBudget(bytes: bytes))
      let pool = ThreadPool(threads: 2)
      let model = try LoadedModel(name: "two", graph: graph, checkpoint: checkpoint, pool: pool)
      let predictor = try Predictor(model, options: options, pool: pool)
      let plain = try Predictor(model, pool: pool).predict(image, name: "a.png", wantsProbabilities: true)
      let probable = try #require(plain.probabilities).elements
      let expected = (0..<600 * 400).map { probable[2 * $0 + 1] > threshold ? UInt8(1) : 0 }
      var tiles = 1
      let found = try predictor.predict(image, name: "a.png", progress: { tiles = $1 }).mask.labels
      #expect((tiles > 1) == (bytes < 1 << 30))
      #expect(zip(found, expected).count { $0 != $1 } < 120)
    }
  }
}
