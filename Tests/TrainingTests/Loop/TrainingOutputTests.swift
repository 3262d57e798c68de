import Foundation
import TensorCore
import Testing
import Training
import Weights

@Suite struct TrainingOutputTests {
  private let sgd = "optimiser: {name: sgd, rate: 0.05}"

  @Test func filesOfATraining() throws {
    try withFolder { folder in
      #expect(!TrainingOutput(folder: folder).isInUse)
      _ = try blockTrainer(try blockRecipe(sgd, epochs: 3), folder: folder).run()
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(
        names == [
          "best.safetensors", "history.csv", "history.html", "last.safetensors", "state.previous.safetensors",
          "state.safetensors",
        ])
      #expect(TrainingOutput(folder: folder).isInUse)
    }
  }

  @Test func historyHasALineForEachEpoch() throws {
    try withFolder { folder in
      let history = try blockTrainer(try blockRecipe(sgd, epochs: 3), folder: folder).run()
      let text = String(decoding: bytes("\(folder)/history.csv"), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 5 && lines[4].isEmpty)
      #expect(lines[0] == "epoch,loss,rate,seconds,score,iou_ground,iou_block")
      for (record, line) in zip(history, lines.dropFirst()) {
        let iou = record.scores?.confusion.iou.map { "\($0 ?? .nan)" }.joined(separator: ",") ?? ""
        #expect(line == "\(record.epoch),\(record.loss),0.05,\(record.seconds),\(record.score),\(iou)")
      }
    }
  }

  @Test func theCheckpointExplainsItself() throws {
    try withFolder { folder in
      let recipe = try blockRecipe(
        sgd + "\nnormalization: {mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]}\n"
          + "augment: [{crop: {width: 16, height: 8}}, {flip: horizontal}]", epochs: 2)
      let trainer = try blockTrainer(recipe, folder: folder)
      let history = try trainer.run()
      let last = try Checkpoint.read("\(folder)/last.safetensors")
      #expect(last.architecture == "unet")
      #expect(last.arguments == ["width": "2", "depth": "1", "classes": "2"])
      #expect(last.classes == ["ground", "block"])
      #expect(last.palette == [[0, 0, 0], [255, 128, 0]])
      #expect(last.ignoreIndex == 255)
      #expect(last.normalization == Normalization(mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]))
      #expect(last.trainingSize == Checkpoint.Size(height: 8, width: 16))
      let confusion = try #require(history[1].scores?.confusion)
      #expect(
        last.scores == [
          "loss": history[1].loss, "epoch": 2, "mean_iou": confusion.meanIoU,
          "pixel_accuracy": confusion.pixelAccuracy, "foreground_dice": confusion.foregroundDice ?? -1,
        ])
      #expect(
        last.provenance == [
          "recipe": "blocks", "data": "blocks", "validation": "more blocks", "licence": "blocks: CC0",
        ])
      #expect(last.parameters == trainer.parameters)
    }
  }

  @Test func bestIsTheEpochOfTheBestScore() throws {
    try withFolder { folder in
      let history = try blockTrainer(try blockRecipe(sgd, epochs: 6), folder: folder).run()
      let best = try #require(history.max { $0.score < $1.score })
      #expect(try Checkpoint.read("\(folder)/best.safetensors").scores["epoch"] == Double(best.epoch))
    }
  }

  @Test func aFolderInUse() throws {
    try withFolder { folder in
      let output = TrainingOutput(folder: folder)
      try output.check(resuming: false)
      #expect(
        message { try output.check(resuming: true) }
          == "\(folder): expected state.safetensors of a training to resume, found none; leave --resume out")
      _ = try blockTrainer(try blockRecipe(sgd, epochs: 1), folder: folder).run()
      try output.check(resuming: true)
      #expect(
        message { try output.check(resuming: false) }
          == "\(folder): expected a new folder, found a training in it; go on with --resume or choose another "
          + "--output")
    }
  }

  @Test func stateOfAnotherRecipe() throws {
    try withFolder { folder in
      _ = try blockTrainer(try blockRecipe(sgd, epochs: 1), folder: folder).run()
      let trainer = try blockTrainer(try blockRecipe(sgd, epochs: 2), folder: folder)
      #expect(
        message { try trainer.resume() }
          == "\(folder)/state.safetensors: expected the state of epochs=2, found that of epochs=1; use the "
          + "recipe and the data it was made with")
    }
  }

  /// Samples that came or went make another training, and so do others in their place.
  @Test func stateOfOtherData() throws {
    try withFolder { folder in
      let recipe = try blockRecipe(sgd, epochs: 1)
      _ = try blockTrainer(recipe, folder: folder).run()
      let whole = BlockSource()
      for source in [BlockSource(count: whole.count - 1), BlockSource(first: 5)] {
        let trainer = try blockTrainer(recipe, folder: folder, source: source)
        let text = message { try trainer.resume() }
        #expect(
          text.hasPrefix("\(folder)/state.safetensors: expected the state of samples=\(source.count), names ")
        )
        #expect(text.contains(", found that of samples=\(whole.count), names "))
      }
      try blockTrainer(recipe, folder: folder).resume()
    }
  }

  /// A state file that was changed must not reach memory beyond a parameter.
  @Test func stateOfOtherShapes() throws {
    try withFolder { folder in
      let recipe = try blockRecipe(sgd, epochs: 1)
      _ = try blockTrainer(recipe, folder: folder).run()
      let path = "\(folder)/state.safetensors"
      let file = try SafetensorsReader.read(path)
      func rewrite(_ name: String, _ tensor: Tensor?) throws {
        var tensors: [String: Tensor] = [:]
        for entry in file.entries { tensors[entry.name] = try file.tensor(entry.name) }
        tensors[name] = tensor
        var metadata = file.metadata
        metadata["tessera.checksum"] = nil
        metadata["tessera.checksum"] = checksum(metadata, tensors)
        try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
      }
      func resume() -> String { message { try blockTrainer(recipe, folder: folder).resume() } }
      #expect(resume() == "no error")
      try rewrite("optimiser.outc.conv.bias.momentum", Tensor(zeros: [200]))
      #expect(
        resume()
          == "\(path): expected the state of outc.conv.bias [2], found that of outc.conv.bias [200]; use the recipe "
          + "and the data it was made with")
      try rewrite("parameter.outc.conv.bias", nil)
      #expect(
        resume()
          == "\(path): expected the state of outc.conv.bias [2], found that of outc.conv.bias nowhere; use the "
          + "recipe and the data it was made with")
      try DurableBytes.write(Array("no tensors".utf8), to: path)
      #expect(resume().hasPrefix("\(path): expected a safetensors file, found text"))
    }
  }
}

/// The check of what a state says of itself and of its tensors.
private func checksum(_ metadata: [String: String], _ tensors: [String: Tensor]) -> String {
  var bytes = metadata.sorted { $0.key < $1.key }.flatMap { Array("\($0.key)=\($0.value)\n".utf8) }
  for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
    bytes += Array("\(name) \(tensor.shape)\n".utf8)
    for element in tensor.elements {
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(element.bitPattern >> shift & 255)) }
    }
  }
  return String(plainCRC32C(bytes), radix: 16)
}

private enum DurableBytes {
  static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
