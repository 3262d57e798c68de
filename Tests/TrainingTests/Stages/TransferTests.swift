import Datasets
import Foundation
import Graphs
import Segmentation
import TensorCore
import Testing
import Training

@Suite struct TransferTests {
  private let adam = "optimiser: {name: adam, rate: 0.01}"

  private func rows(_ lines: String, epochs: Bool = true) throws -> Recipe {
    let text = """
      name: rows
      model: {name: lenet5}
      data: {dataset: rows.yaml}
      input: {size: 32x32, fit: pad}
      normalization: {mean: [0.4], deviation: [0.3]}
      batch: 5
      seed: 3
      \(adam)
      \(epochs ? "epochs: 3" : "")
      \(lines)
      """
    return try Recipe(try ConfigurationNode.parse(text, file: "rows.yaml"), folder: "")
  }

  private func rowTrainer(_ recipe: Recipe, folder: String, threads: Int = 2) throws -> Trainer {
    let source = RowSource(count: 22)
    var arguments = recipe.arguments
    arguments["classes"] = "3"
    let network = try NetworkRegistry.graph(recipe.model, arguments: arguments)
    return try Trainer(
      recipe: recipe, network: network, parameters: try network.initialParameters(seed: recipe.seed),
      source: source, validation: RowSource(title: "more rows", count: 7, first: 100), palette: [],
      licences: [],
      output: TrainingOutput(folder: folder), pool: ThreadPool(threads: threads))
  }

  /// Weights, biases and statistics under the prefixes stay bit for bit; every other parameter moves.
  private func expectFrozen(
    _ before: [String: Tensor], _ after: [String: Tensor], _ prefixes: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (name, tensor) in before {
      let isFrozen = prefixes.contains { name.hasPrefix($0 + ".") }
      #expect((after[name] == tensor) == isFrozen, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [["inc", "down1"], ["outc"], ["down1", "up1.conv"]])
  func frozenParametersStay(prefixes: [String]) throws {
    try withFolder { folder in
      let list = prefixes.joined(separator: ", ")
      let trainer = try blockTrainer(try blockRecipe("\(adam)\nfreeze: [\(list)]", epochs: 2), folder: folder)
      let before = trainer.parameters
      _ = try trainer.run()
      expectFrozen(before, trainer.parameters, prefixes)
    }
  }

  /// The same losses, digit by digit, with the features of the frozen layers in memory.
  @Test func cachedFeaturesGiveTheSameLosses() throws {
    try withFolder { folder in
      var results: [[EpochRecord]] = []
      var parameters: [[String: Tensor]] = []
      for (index, lines) in ["", "cache_features: true", "cache_features: true"].enumerated() {
        let trainer = try rowTrainer(
          try rows("freeze: [conv1, conv2]\n\(lines)"), folder: "\(folder)/\(index)", threads: 1 + index)
        let before = trainer.parameters
        results.append(try trainer.run())
        parameters.append(trainer.parameters)
        expectFrozen(before, trainer.parameters, ["conv1", "conv2"])
      }
      for other in 1...2 {
        #expect(results[other].map(\.loss) == results[0].map(\.loss))
        #expect(results[other].map(\.score) == results[0].map(\.score))
        #expect(parameters[other] == parameters[0])
      }
      #expect(results[0][2].loss < results[0][0].loss)
    }
  }

  /// Masks too: skip connections are features, and the picture itself goes past the trunk.
  @Test func cachedFeaturesOfAUNet() throws {
    try withFolder { folder in
      let frozen = "\(adam)\nfreeze: [inc]\n"
      let plain = try blockTrainer(try blockRecipe(frozen, epochs: 2), folder: "\(folder)/a").run()
      let cached = try blockTrainer(
        try blockRecipe(frozen + "cache_features: true", epochs: 2), folder: "\(folder)/b"
      ).run()
      #expect(cached.map(\.loss) == plain.map(\.loss) && cached.map(\.score) == plain.map(\.score))
    }
  }

  private let stages =
    "stages: [{epochs: 2, freeze: [conv1, conv2], cache_features: true}, {epochs: 2, rate: 0.001}]"

  /// Head first, then all with a rate of its own.
  @Test func stagesOneAfterAnother() throws {
    try withFolder { folder in
      let recipe = try rows(stages + "\nschedule: {name: polynomial, power: 1}", epochs: false)
      #expect(recipe.epochs == 4 && recipe.stages.count == 2)
      let trainer = try rowTrainer(recipe, folder: folder)
      let before = trainer.parameters
      var middle: [String: Tensor] = [:]
      let history = try trainer.run { event in
        if case .epoch(let record, _) = event, record.epoch == 2 { middle = trainer.parameters }
      }
      expectFrozen(before, middle, ["conv1", "conv2"])
      expectFrozen(middle, trainer.parameters, [])
      // Each stage has a schedule of its own, from its rate to near 0.
      #expect(history[1].rate < history[0].rate && history[0].rate < 0.01)
      #expect(history[3].rate < history[2].rate && history[2].rate < 0.001 && history[2].rate > 0.0005)
    }
  }

  @Test func resumedInAnyStage() throws {
    try withFolder { folder in
      let recipe = try rows(stages, epochs: false)
      let whole = "\(folder)/whole"
      _ = try rowTrainer(recipe, folder: whole).run { event in
        guard case .epoch(let record, _) = event else { return }
        try? FileManager.default.copyItem(atPath: whole, toPath: "\(folder)/\(record.epoch)")
      }
      let expected = bytes("\(whole)/last.safetensors")
      #expect(!expected.isEmpty)
      for stop in 1...4 {
        let trainer = try rowTrainer(recipe, folder: "\(folder)/\(stop)", threads: 1)
        try trainer.resume()
        _ = try trainer.run()
        #expect(bytes("\(folder)/\(stop)/last.safetensors") == expected, "stopped after epoch \(stop)")
      }
    }
  }

  @Test(arguments: [
    (
      "freeze: [conv3]",
      "rows.yaml: freeze: expected names of layers (conv1, conv2, fc1, fc2, fc3), or what they start with up to a dot, "
        + "found 'conv3'"
    ),
    (
      "freeze: [con]",
      "rows.yaml: freeze: expected names of layers (conv1, conv2, fc1, fc2, fc3), or what they start with up to a dot, "
        + "found 'con'"
    ),
    (
      "freeze: [conv1, conv2, fc1, fc2, fc3]",
      "rows.yaml: freeze: expected a layer that is left to train, found all frozen by conv1, conv2, fc1, fc2, fc3; leave one out"
    ),
    (
      "freeze: [conv2]\ncache_features: true",
      "rows.yaml: cache_features: expected frozen layers from the first on, found none; name them under 'freeze:' "
        + "(conv1, conv2, fc1, fc2, fc3)"
    ),
    (
      "freeze: [conv1]\ncache_features: true\naugment: [{resize: {width: 6, height: 6}}, {flip: horizontal}]",
      "rows.yaml: cache_features: expected samples that are the same in every epoch, found 'flip' under 'augment:'; remove it, or "
        + "leave 'cache_features' out"
    ),
  ]) func whatCannotBeFrozen(lines: String, expected: String) throws {
    #expect(message { try rowTrainer(try rows(lines), folder: "unused") } == expected)
  }

  @Test(arguments: [
    ("stages: []", "rows.yaml: expected at least one stage under 'stages', found a list"),
    (
      "stages: [{freeze: [a]}]",
      "rows.yaml: expected 'stages[0].epochs' (passes over the data), found no such key; add it"
    ),
    (
      "stages: [{epochs: 1, rate: 0}]",
      "rows.yaml: expected a number above 0 under 'stages[0].rate', found '0'"
    ),
    (
      "stages: [{epochs: 1}]\nfreeze: [conv1]",
      "rows.yaml: expected 'freeze' in each of the 'stages' under 'freeze', found a list"
    ),
  ]) func wrongStages(lines: String, expected: String) {
    #expect(message { try rows(lines, epochs: false) } == expected)
  }
}
