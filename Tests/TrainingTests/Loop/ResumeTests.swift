import Files
import Foundation
import TensorCore
import Testing
import Training
import Weights

/// Stop anywhere, go on, and end with the bytes of a training that was never stopped.
@Suite struct ResumeTests {
  private let adam = "optimiser: {name: adam, rate: 0.02}\nschedule: {name: cosine, warmup: 2}\nsave_every: 1"

  private func results(_ folder: String) -> [[UInt8]] {
    ["best.safetensors", "last.safetensors"].map { bytes("\(folder)/\($0)") }
  }

  private func recipe(_ lines: String, epochs: Int = 3) throws -> Recipe {
    var recipe = try blockRecipe(lines, epochs: epochs)
    recipe.batch = 2
    return recipe
  }

  /// What stood in the folder after each step is resumed elsewhere: four steps in each of three epochs.
  @Test(arguments: [
    "", "average: 0.9\nkeep: 2", "accumulate: 2\nclip: 0.5",
    "augment: [{flip: horizontal}, {mixup: {alpha: 1, probability: 0.7}}]",
    "optimiser: {name: rmsprop, rate: 0.001, momentum: 0.5}\nschedule: {name: one-cycle}\nsave_every: 1",
    "optimiser: {name: sgd, rate: 2}\nschedule: {name: plateau, patience: 0, factor: 0.5}\nsave_every: 1",
  ]) func inTheMidstOfAnEpoch(lines: String) throws {
    try withFolder { folder in
      let recipe = try recipe(lines.contains("optimiser") ? lines : "\(adam)\n\(lines)")
      let whole = "\(folder)/whole"
      var copies: [String] = []
      let history = try blockTrainer(recipe, folder: whole).run { event in
        guard case .step = event, FileManager.default.fileExists(atPath: "\(whole)/state.safetensors") else {
          return
        }
        copies.append("\(folder)/\(copies.count)")
        try? FileManager.default.copyItem(atPath: whole, toPath: copies[copies.count - 1])
      }
      // The first event comes before the first save.
      #expect(copies.count == 3 * (lines.contains("accumulate") ? 2 : 4) - 1)
      for (index, copy) in copies.enumerated() {
        // What a kill left half written.
        try Data([1, 2]).write(to: URL(fileURLWithPath: "\(copy)/last.safetensors.17-4.part"))
        let trainer = try blockTrainer(recipe, folder: copy, threads: 1 + index % 2)
        #expect(try trainer.resume() == nil)
        let resumed = try trainer.run()
        #expect(trainer.ending == .finished)
        #expect(resumed.map(\.loss) == history.map(\.loss) && resumed.map(\.score) == history.map(\.score))
        #expect(results(copy) == results(whole), "copy \(index)")
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: copy).sorted()
            == FileManager.default.contentsOfDirectory(atPath: whole).sorted())
      }
    }
  }

  @Test func inTheMidstOfValidation() throws {
    try withFolder { folder in
      let recipe = try recipe(adam)
      _ = try blockTrainer(recipe, folder: "\(folder)/whole").run()
      let stopped = "\(folder)/stopped"
      let trainer = try blockTrainer(recipe, folder: stopped)
      let stop = StopRequest()
      let history = try trainer.run(until: stop) { event in
        if case .validation(done: 1, of: 3) = event { stop.make() }
      }
      #expect(history.isEmpty && trainer.ending == .stopped(epoch: 1, step: 4))
      let again = try blockTrainer(recipe, folder: stopped)
      try again.resume()
      _ = try again.run()
      #expect(results(stopped) == results("\(folder)/whole"))
    }
  }

  @Test func stopRequestAndTimeLimit() throws {
    try withFolder { folder in
      let recipe = try recipe(adam)
      _ = try blockTrainer(recipe, folder: "\(folder)/whole").run()
      let stopped = "\(folder)/stopped"
      var ends: [TrainingEnding?] = []
      for count in [3, 1, 4, 100] {
        let trainer = try blockTrainer(recipe, folder: stopped)
        if !ends.isEmpty { try trainer.resume() }
        let stop = StopRequest()
        var steps = 0
        _ = try trainer.run(until: stop) { event in
          if case .step = event { steps += 1 }
          if steps == count { stop.make() }
        }
        ends.append(trainer.ending)
      }
      #expect(
        ends == [
          .stopped(epoch: 1, step: 3), .stopped(epoch: 1, step: 4), .stopped(epoch: 2, step: 4), .finished,
        ])
      #expect(results(stopped) == results("\(folder)/whole"))

      var short = recipe
      short.loop.timeLimit = 1e-9
      let trainer = try blockTrainer(short, folder: "\(folder)/short")
      #expect(try trainer.run().isEmpty)
      #expect(trainer.ending == .timeLimit(epoch: 1, step: 0))
      // The limit is no part of what must stay the same.
      let again = try blockTrainer(recipe, folder: "\(folder)/short")
      try again.resume()
      _ = try again.run()
      #expect(results("\(folder)/short") == results("\(folder)/whole"))
    }
  }

  /// Cut off, one bit turned, not there: the previous state stands in, and says so.
  @Test(arguments: ["cut", "bit", "gone", "both"]) func damagedState(kind: String) throws {
    try withFolder { folder in
      let recipe = try recipe(adam)
      let (whole, other) = ("\(folder)/whole", "\(folder)/other")
      _ = try blockTrainer(recipe, folder: whole).run { event in
        guard case .step(let step) = event, step.epoch == 2, step.step == 3 else { return }
        try? FileManager.default.copyItem(atPath: whole, toPath: other)
      }
      let (state, previous) = ("\(other)/state.safetensors", "\(other)/state.previous.safetensors")
      var content = bytes(state)
      content[content.count - 9] ^= 16
      switch kind {
      case "cut": try DurableFile.write(content.prefix(content.count / 2), to: state)
      case "gone": try FileManager.default.removeItem(atPath: state)
      default: try DurableFile.write(content, to: state)
      }
      if kind == "both" { try DurableFile.write(content.prefix(100), to: previous) }
      let trainer = try blockTrainer(recipe, folder: other)
      let damage = "\(state): expected the values that were written, found others by their checksum"
      if kind == "both" {
        #expect(message { try trainer.resume() } == damage)
        return
      }
      let remark = try #require(try trainer.resume())
      #expect(remark.hasPrefix("\(state): expected ") && remark.hasSuffix("; going on from \(previous)"))
      if kind == "bit" { #expect(remark == "\(damage); going on from \(previous)") }
      #expect(
        FileManager.default.fileExists(atPath: state) && !FileManager.default.fileExists(atPath: previous))
      _ = try trainer.run()
      #expect(results(other) == results(whole))
    }
  }

  /// What is kept and validated follows `a ← d a + (1 - d) w` from the first step on.
  @Test func movingAverage() throws {
    try withFolder { folder in
      let recipe = try recipe(adam + "\naverage: 0.5", epochs: 2)
      let trainer = try blockTrainer(recipe, folder: folder)
      var expected = trainer.parameters.mapValues { $0.elements.map(Double.init) }
      var step = 0.0
      _ = try trainer.run { event in
        guard case .step = event else { return }
        let decay = min(0.5, (1 + step) / (10 + step))
        for (name, tensor) in trainer.parameters {
          expected[name] = zip(expected[name] ?? [], tensor.elements).map {
            decay * $0 + (1 - decay) * Double($1)
          }
        }
        step += 1
      }
      #expect(step == 8)
      let kept = try Checkpoint.read("\(folder)/last.safetensors").parameters
      #expect(kept.count == expected.count && kept != trainer.parameters)
      for (name, values) in expected {
        let found = try #require(kept[name]?.elements)
        #expect(zip(found, values).allSatisfy { abs(Double($0) - $1) < 1e-5 * max(1, abs($1)) }, "\(name)")
      }
    }
  }

  @Test func twoTrainingsInOneFolder() throws {
    try withFolder { folder in
      let recipe = try recipe(adam, epochs: 1)
      let first = try blockTrainer(recipe, folder: folder)
      _ = try first.run()
      try first.resume()
      #expect(
        message { try blockTrainer(recipe, folder: folder).resume() }
          == "\(folder): expected a folder that no other process works in, found one at work; wait for its end or "
          + "choose another --output")
      _ = try first.run()
      // What has ended lets go of the folder.
      try blockTrainer(recipe, folder: folder).resume()
      withExtendedLifetime(first) {}
    }
  }

  @Test func earlyStoppingAndKeptCheckpoints() throws {
    try withFolder { folder in
      let recipe = try recipe(
        "optimiser: {name: sgd, rate: 1e-9}\nearly_stopping: {patience: 2, gain: 0.5}\nkeep: 2", epochs: 9)
      let trainer = try blockTrainer(recipe, folder: folder)
      let history = try trainer.run()
      #expect(history.count == 4 && trainer.ending == .noGain(epochs: 3))
      let best = history.sorted { ($0.score, -$0.epoch) > ($1.score, -$1.epoch) }.prefix(2).map(\.epoch)
        .sorted()
      let kept = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("epoch-") }
        .sorted()
      #expect(kept == best.map { "epoch-000\($0).safetensors" })
      for epoch in best {
        #expect(
          try Checkpoint.read("\(folder)/epoch-000\(epoch).safetensors").scores["epoch"] == Double(epoch))
      }
    }
  }

  /// A network of more than a thousand tensors of few elements: its state describes more than its file has bytes.
  @Test func aSmallNetworkOfManyTensors() throws {
    try withFolder { folder in
      var recipe = try recipe("\(adam)\naverage: 0.9", epochs: 1)
      (recipe.model, recipe.arguments) = ("unet-densenet201", ["width": "1", "decoder_width": "1"])
      let history = try blockTrainer(recipe, folder: folder).run()
      let again = try blockTrainer(recipe, folder: folder)
      #expect(try again.resume() == nil)
      #expect(try again.run().map(\.loss) == history.map(\.loss))
      #expect(throws: WeightsError.self) { try SafetensorsReader.read("\(folder)/state.safetensors") }
      for file in ["best", "last"] {
        #expect(try Checkpoint.read("\(folder)/\(file).safetensors").parameters.count > 1000)
      }
    }
  }
}
