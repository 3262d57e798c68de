import Datasets
import Foundation
import TensorCore
import Testing
import Training
import Weights

@Suite struct TrainerTests {
  private let adam = "optimiser: {name: adam, rate: 0.02, decay: 0.0001}"

  /// The files that do not hold times.
  private func results(_ folder: String) -> [[UInt8]] {
    ["best.safetensors", "last.safetensors"].map { bytes("\(folder)/\($0)") }
  }

  @Test func learnsBlocks() throws {
    try withFolder { folder in
      let trainer = try blockTrainer(try blockRecipe(adam, epochs: 30), folder: folder)
      let history = try trainer.run()
      #expect(history.map(\.epoch) == Array(1...30))
      #expect(history[29].loss < 0.3 * history[0].loss)
      #expect((history.map(\.score).max() ?? 0) > 0.9)
      guard case .masks(let scores) = history[29].scores else { throw NoScores() }
      #expect(scores.images == 3 && scores.confusion.truths.reduce(0, +) == 3 * 256)
      #expect(history[29].score == scores.confusion.meanIoU)
    }
  }

  @Test(arguments: [
    "optimiser: {name: adam, rate: 0.02, decay: 0.001}",
    "optimiser: {name: sgd, rate: 0.1, nesterov: true}\nschedule: {name: plateau, patience: 0}\n"
      + "augment: [{flip: horizontal}, rotate90: {}]",
  ]) func sameBytesTwiceAndOnAnyThreads(lines: String) throws {
    try withFolder { folder in
      for (name, threads) in [("a", 2), ("b", 2), ("c", 1)] {
        _ = try blockTrainer(try blockRecipe(lines), folder: "\(folder)/\(name)", threads: threads).run()
      }
      let first = results("\(folder)/a")
      #expect(!first[0].isEmpty && !first[1].isEmpty)
      #expect(results("\(folder)/b") == first)
      #expect(results("\(folder)/c") == first)
    }
  }

  @Test func anotherSeedGivesOtherBytes() throws {
    try withFolder { folder in
      var recipe = try blockRecipe(adam, epochs: 1)
      _ = try blockTrainer(recipe, folder: "\(folder)/a").run()
      recipe.seed += 1
      _ = try blockTrainer(recipe, folder: "\(folder)/b").run()
      #expect(results("\(folder)/a") != results("\(folder)/b"))
    }
  }

  /// What stood in the folder after each epoch is resumed elsewhere.
  @Test(arguments: [
    "optimiser: {name: adamw, rate: 0.02, decay: 0.01}\nschedule: {name: polynomial, warmup: 3}",
    "optimiser: {name: sgd, rate: 2}\nschedule: {name: plateau, patience: 0, factor: 0.5}",
  ]) func resumedGivesTheBytesOfNeverStopped(lines: String) throws {
    try withFolder { folder in
      let recipe = try blockRecipe(lines, epochs: 6)
      let whole = "\(folder)/whole"
      let history = try blockTrainer(recipe, folder: whole).run { event in
        guard case .epoch(let record, _) = event else { return }
        try? FileManager.default.copyItem(atPath: whole, toPath: "\(folder)/\(record.epoch)")
      }
      #expect(Set(history[..<5].map(\.rate)).count > 1, "the schedule has something to remember")
      for stop in 1...6 {
        let stopped = "\(folder)/\(stop)"
        #expect((results(stopped) == results(whole)) == (stop == 6))
        let trainer = try blockTrainer(recipe, folder: stopped, threads: 1)
        try trainer.resume()
        var epochs: [Int] = []
        let resumed = try trainer.run { if case .epoch(let record, _) = $0 { epochs.append(record.epoch) } }
        #expect(epochs == Array(1...6).filter { $0 > stop })
        #expect(resumed.map(\.score) == history.map(\.score))
        #expect(resumed.map(\.loss) == history.map(\.loss))
        #expect(resumed.map(\.rate) == history.map(\.rate))
        #expect(results(stopped) == results(whole))
      }
    }
  }

  @Test func eventsCountStepsFromOne() throws {
    try withFolder { folder in
      var texts: [String] = []
      _ = try blockTrainer(try blockRecipe(adam, epochs: 2), folder: folder).run { event in
        switch event {
        case .step(let step): texts.append("\(step.epoch)/\(step.epochs) \(step.step)/\(step.steps)")
        case .validation(let done, let count): texts.append("\(done) of \(count)")
        case .epoch(let record, let isBest): texts.append("epoch \(record.epoch)\(isBest ? " best" : "")")
        }
      }
      #expect(texts.prefix(6) == ["1/2 1/2", "1/2 2/2", "1 of 3", "2 of 3", "3 of 3", "epoch 1 best"])
      #expect(texts.dropFirst(6).prefix(2) == ["2/2 1/2", "2/2 2/2"])
    }
  }

  /// The second epoch's rate is that of the first times 1e30.
  @Test func divergedKeepsTheBestCheckpoint() throws {
    try withFolder { folder in
      var recipe = try blockRecipe("optimiser: {name: sgd, rate: 0.01}")
      // No recipe may ask for this, but nothing else diverges so surely in a given epoch.
      recipe.schedule = .step(epochs: 1, factor: 1e30)
      let trainer = try blockTrainer(recipe, folder: folder)
      var best: [UInt8] = []
      let error = #expect(throws: TrainingError.self) {
        try trainer.run { if case .epoch = $0 { best = bytes("\(folder)/best.safetensors") } }
      }
      guard case .diverged(epoch: 2, _, _) = error else {
        Issue.record("expected a divergence in epoch 2, found \(String(describing: error))")
        return
      }
      #expect(!best.isEmpty && bytes("\(folder)/best.safetensors") == best)
      #expect(bytes("\(folder)/last.safetensors") == best)
      let parameters = try Checkpoint.read("\(folder)/best.safetensors").parameters
      #expect(parameters.values.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
    }
  }

  /// Without validation the loss decides, and it is that of before the step that ruined the parameters.
  @Test func divergedInTheLastStepOfAnEpochIsNotSaved() throws {
    try withFolder { folder in
      var recipe = try blockRecipe("optimiser: {name: sgd, rate: 0.01}", epochs: 2)
      recipe.batch = 8
      recipe.rate = 1e3
      recipe.schedule = .step(epochs: 1, factor: 1e36)
      let trainer = try blockTrainer(recipe, folder: folder, validation: nil)
      let error = #expect(throws: TrainingError.self) { try trainer.run() }
      #expect(
        error?.description.hasPrefix("epoch 2, step 1: expected a finite loss, found none at learning rate")
          == true)
      let last = try Checkpoint.read("\(folder)/last.safetensors")
      #expect(last.scores["epoch"] == 1)
      #expect(last.parameters.values.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
    }
  }

  @Test func divergedMessage() {
    #expect(
      TrainingError.diverged(epoch: 2, step: 7, rate: 0.5).description
        == "epoch 2, step 7: expected a finite loss, found none at learning rate 0.5; lower optimiser.rate, and go "
        + "on from best.safetensors")
  }

  @Test func classWeightsMustFit() throws {
    let recipe = try blockRecipe(adam + "\nloss: {weights: [1, 2, 3]}")
    #expect(
      message { try blockTrainer(recipe, folder: "unused") }
        == "blocks.yaml: loss.weights: expected a weight for each of 2 classes, found 3")
  }

  @Test func validationOfOtherClassesIsRefused() throws {
    try withFolder { folder in
      var validation = BlockSource(title: "three")
      validation.classes.append("more")
      #expect(
        message { try blockTrainer(try blockRecipe(adam), folder: folder, validation: validation) }
          == "three: expected the classes of blocks (ground, block), found ground, block, more; give all the same "
          + "classes in one order")
    }
  }
}
