import ArgumentParser
import Foundation
import Graphs
import Inference
import Segmentation
import TensorCore
import Weights

/// Which network, with which weights.
struct ModelOptions: ParsableArguments {
  @Option(help: "The architecture; 'segment models' lists them. Default: what the weights say, else unet.")
  var model: String?

  @Option(help: "A checkpoint, or the name of a model that ships. Default: the one that ships for the model.")
  var weights: String?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  /// The model ready to run.
  func load(pool: ThreadPool) throws -> LoadedModel {
    let (name, found) = try checkpoint()
    var checkpoint = found
    guard let architecture = model ?? checkpoint.architecture else {
      throw CommandError.unknownArchitecture(file: name)
    }
    if let found = checkpoint.architecture, found != architecture {
      _ = try NetworkRegistry.architecture(architecture)
      throw CommandError.otherArchitecture(file: name, expected: architecture, found: found)
    }
    // Bare weights are from here on those of the architecture that was named.
    checkpoint.architecture = architecture
    let arguments = checkpoint.arguments.merging(try Self.pairs(settings)) { $1 }
    let graph = try NetworkRegistry.graph(architecture, arguments: arguments)
    return try LoadedModel(name: name, graph: graph, checkpoint: checkpoint, pool: pool)
  }

  private func checkpoint() throws -> (name: String, Checkpoint) {
    if let weights {
      let isPath = weights.contains("/") || weights.hasSuffix(".safetensors")
      if isPath || FileManager.default.fileExists(atPath: weights) {
        return (weights, try Checkpoint.read(weights))
      }
      let shipped = try ShippedModels.installed().model(weights)
      return (weights, try Checkpoint.read(shipped.path))
    }
    let architecture = model ?? "unet"
    _ = try NetworkRegistry.architecture(architecture)
    let shipped = try ShippedModels.installed()
    guard let found = try shipped.model(for: architecture) else {
      throw InferenceError.noWeights(model: architecture, shipped: shipped.names)
    }
    return (found.name, try Checkpoint.read(found.path))
  }

  /// `key=value` texts as a dictionary.
  static func pairs(_ texts: [String]) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      guard let split = text.firstIndex(of: "="), split != text.startIndex else {
        throw CommandError.setting(text)
      }
      pairs[String(text[..<split])] = String(text[text.index(after: split)...])
    }
    return pairs
  }
}
