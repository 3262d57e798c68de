import Augmentation
import Datasets
import Foundation
import Graphs
import Images
import Segmentation
import TensorCore
import Testing
import Training
import Weights

/// Gray pictures of 6 × 6 with one bright row, which is their class; drawn from the index alone.
struct RowSource: SampleSource {
  var title = "rows"
  var classes = ["first", "second", "third"]
  var count = 24
  /// The first index, so that training and validation differ.
  var first = 0
  /// Added to every label.
  var offset = 0
  var truth: Sample.TruthKind { .label }
  var isInMemory: Bool { true }

  func name(at index: Int) -> String { "\(title)/\(index)" }

  func sample(at index: Int) throws(DatasetError) -> Sample {
    var random = RandomStream(seed: UInt64(first + index))
    let label = (first + index) % 3
    let rgb = (0..<36).flatMap { pixel in
      let value = UInt8((pixel / 6 == 2 * label ? 170 : 40) + random.below(60))
      return [value, value, value]
    }
    return Sample(
      image: Raster(width: 6, height: 6, channels: 3, samples: .eight(rgb)), label: label + offset)
  }
}

@Suite struct ClassificationTrainingTests {
  private func recipe(_ lines: String = "", epochs: Int = 4) throws -> Recipe {
    let text = """
      name: rows
      model: {name: mlp, hidden1: 8, hidden2: 8, dropout: 0}
      data: {dataset: rows.yaml}
      input: {size: 8x8, fit: pad}
      normalization: {mean: [0.4], deviation: [0.3]}
      batch: 4
      epochs: \(epochs)
      seed: 3
      optimiser: {name: adam, rate: 0.01}
      \(lines)
      """
    return try Recipe(try ConfigurationNode.parse(text, file: "rows.yaml"), folder: "")
  }

  private func trainer(
    _ recipe: Recipe, folder: String, threads: Int = 2, source: RowSource = RowSource(),
    validation: (any SampleSource)? = RowSource(title: "more rows", count: 7, first: 100)
  ) throws -> Trainer {
    var arguments = recipe.arguments
    arguments["classes"] = String(source.classes.count)
    let network = try NetworkRegistry.graph(recipe.model, arguments: arguments, nominal: [1, 8, 8, 1])
    return try Trainer(
      recipe: recipe, network: network, parameters: try network.initialParameters(seed: recipe.seed),
      source: source, validation: validation, palette: [], licences: [],
      output: TrainingOutput(folder: folder), pool: ThreadPool(threads: threads))
  }

  @Test func learnsRows() throws {
    try withFolder { folder in
      let history = try trainer(try recipe(epochs: 12), folder: folder).run()
      guard case .labels(let scores) = try #require(history.last?.scores) else { throw NoScores() }
      #expect(scores.top1 == 1 && scores.top5 == 1 && scores.images == 7)
      #expect(history[11].score == 1 && history[11].loss < 0.3 * history[0].loss)
      let best = try Checkpoint.read("\(folder)/best.safetensors")
      #expect(best.architecture == "mlp" && best.classes == ["first", "second", "third"])
      #expect(best.trainingSize == .init(height: 8, width: 8) && best.fit == .pad)
      #expect(best.ignoreIndex == nil && best.palette.isEmpty)
      #expect(best.normalization == Normalization(mean: [0.4, 0.4, 0.4], deviation: [0.3, 0.3, 0.3]))
      #expect(Set(best.scores.keys) == ["epoch", "loss", "top1", "top5", "class_accuracy"])
      #expect(best.scores["top1"] == 1)
    }
  }

  /// Blends of two pictures with a class each, which is what mixup was made for.
  @Test func learnsBlendedRows() throws {
    try withFolder { folder in
      let blended = try recipe("augment: [{mixup: {alpha: 0.4}}]", epochs: 16)
      let history = try trainer(blended, folder: "\(folder)/a").run()
      #expect(history[15].score == 1 && history[15].loss < 0.8 * history[0].loss)
      let plain = try trainer(try recipe(epochs: 16), folder: "\(folder)/b").run()
      // The loss of a blend stays above that of pictures by themselves.
      #expect(history[15].loss > 2 * plain[15].loss)
      _ = try trainer(blended, folder: "\(folder)/c", threads: 1).run()
      #expect(bytes("\(folder)/c/last.safetensors") == bytes("\(folder)/a/last.safetensors"))
    }
  }

  @Test func pastingNeedsMasks() throws {
    try withFolder { folder in
      #expect(
        message { try trainer(try recipe("augment: [{cutmix: {}}]"), folder: folder) }
          == "rows.yaml: cutmix: expected images with masks, found images with a class each; remove the step")
    }
  }

  @Test func historyAndResume() throws {
    try withFolder { folder in
      let (whole, half) = ("\(folder)/whole", "\(folder)/half")
      let recipe = try recipe()
      let history = try trainer(recipe, folder: whole).run { event in
        guard case .epoch(let record, _) = event, record.epoch == 2 else { return }
        try? FileManager.default.copyItem(atPath: whole, toPath: half)
      }
      let lines = String(decoding: bytes("\(whole)/history.csv"), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 5 && lines[0] == "epoch,loss,rate,seconds,score,top1,top5")
      for (record, line) in zip(history, lines.dropFirst()) {
        #expect(
          line == "\(record.epoch),\(record.loss),0.01,\(record.seconds),\(record.score),\(record.score),1.0")
      }
      // A resumed training keeps the columns of the epochs before.
      let again = try trainer(recipe, folder: half, threads: 1)
      try again.resume()
      #expect(try again.run().map(\.score) == history.map(\.score))
      let kept = String(decoding: bytes("\(half)/history.csv"), as: UTF8.self).split(separator: "\n")
      #expect(kept.prefix(3) == lines.prefix(3) && kept.allSatisfy { $0.split(separator: ",").count == 7 })
      #expect(bytes("\(half)/last.safetensors") == bytes("\(whole)/last.safetensors"))
    }
  }

  /// A step of two batches of two has the gradients of one of four, where no batch norm looks at a batch.
  @Test func accumulatedBatches() throws {
    try withFolder { folder in
      var halves = try recipe("accumulate: 2", epochs: 2)
      halves.batch = 2
      let (one, two) = (
        try trainer(try recipe(epochs: 2), folder: "\(folder)/1"), try trainer(halves, folder: "\(folder)/2")
      )
      let (whole, parts) = (try one.run(), try two.run())
      for (first, second) in zip(whole, parts) {
        #expect(abs(first.loss - second.loss) < 1e-5 && first.rate == second.rate)
      }
      for (name, tensor) in one.parameters {
        let other = try #require(two.parameters[name])
        for (first, second) in zip(tensor.elements, other.elements) {
          #expect(abs(first - second) < 1e-4, "\(name)")
        }
      }
    }
  }

  @Test func sameBytesOnAnyThreads() throws {
    try withFolder { folder in
      for threads in [1, 3] {
        _ = try trainer(try recipe(epochs: 2), folder: "\(folder)/\(threads)", threads: threads).run()
      }
      let first = bytes("\(folder)/1/last.safetensors")
      #expect(!first.isEmpty && bytes("\(folder)/3/last.safetensors") == first)
    }
  }

  /// 255 is a class like others where images have one class each.
  @Test func class255IsNotIgnored() throws {
    try withFolder { folder in
      let source = RowSource(classes: (0..<258).map { "\($0)" }, count: 1, offset: 255)
      let history = try trainer(
        try recipe(epochs: 1), folder: folder, source: source, validation: nil
      ).run()
      #expect(history[0].loss > 3)
    }
  }

  /// The counts are those of single images, whatever the batch.
  @Test func evaluatesInBatches() throws {
    let graph = try NetworkRegistry.graph(
      "mlp", arguments: ["hidden1": "8", "hidden2": "8", "classes": "3"], nominal: [1, 8, 8, 1])
    let pool = ThreadPool(threads: 2)
    let model = try InferenceModel(graph, parameters: try graph.initialParameters(seed: 9), pool: pool)
    let form = InputForm(channels: 1, size: PixelSize(width: 8, height: 8), fit: .pad)
    let evaluator = ClassificationEvaluator([.init(model, form: form, normalization: .unit)], pool: pool)
    let source = RowSource(count: 600)
    var done: [Int] = []
    let scores = try evaluator.evaluate(source) { done.append($0) }
    #expect(done == [256, 512, 600] && scores.images == 600)
    var expected = ConfusionMatrix(classes: 3)
    for index in 0..<600 {
      let sample = try source.sample(at: index)
      let image = sample.image.padded(width: 8, height: 8)
      guard case .eight(let rgb) = image.samples else { return }
      let gray = (0..<64).map { Float(rgb[3 * $0]) / 255 }
      let logits = try model.run(Tensor(gray, shape: [1, 8, 8, 1])).elements
      let best = try #require(logits.indices.max { (logits[$0], -$0) < (logits[$1], -$1) })
      expected.add(truth: try #require(sample.label), prediction: best)
    }
    #expect(scores.confusion == expected)
    #expect(
      message { try evaluator.evaluate(RowSource(classes: ["a", "b"])) }
        == "rows: expected the 3 classes of the model, found 2; use other data, or a model of their classes")
  }

  @Test func failures() throws {
    try withFolder { folder in
      #expect(
        message { try trainer(try recipe(), folder: folder, validation: BlockSource()) }
          == "blocks: expected a class for each image as rows has, found the other kind; do not mix the two")
      #expect(
        message {
          try trainer(try recipe(), folder: folder, validation: RowSource(classes: ["a", "b", "c"]))
        }
          == "rows: expected the classes of rows (first, second, third), found a, b, c; give all the same classes in one order"
      )
      #expect(
        message {
          try blockTrainer(
            try blockRecipe("optimiser: {name: sgd, rate: 1}\ninput: {size: 8x8}"), folder: folder)
        }
          == "blocks.yaml: input: expected images with a class each, found the masks of blocks, which keep their size; "
          + "leave 'input' "
          + "out, and use 'crop' or 'resize' under 'augment:'")
    }
  }
}
