import ArgumentParser
import Foundation
import Graphs
import Inference
import Segmentation
import TensorCore
import Weights

/// Which network, with which weights.
struct ModelOptions: ParsableArguments {
  @Option(
    help:
      "The architecture; 'segment models' lists them. Default: what the weights say; for 'predict', unet without weights."
  )
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A checkpoint (.safetensors, or .pth of PyTorch), or the name of a model that ships; where the command averages "
        + "several, may be repeated. Default: the one that ships for the model.", valueName: "weights"))
  var weights: [String] = []

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  func validate() throws {
    do { _ = try Self.pairs(settings) } catch { throw ValidationError("\(error)") }
  }

  /// Throws unless the options name a model: of those that ship, none is the obvious one.
  func requireModel() throws {
    if model == nil && weights.isEmpty {
      throw ValidationError(
        "--weights: expected a checkpoint, or an architecture with --model; found neither")
    }
  }

  /// A network and a checkpoint for it.
  typealias Source = (name: String, graph: Graph, checkpoint: Checkpoint)

  /// The model ready to run; where a `task` is given, it is the model's.
  func load(pool: ThreadPool, for task: Architecture.Task? = nil) throws -> LoadedModel {
    try load(try source(for: task), pool)
  }

  /// All models that the options name, ready to be averaged.
  func loadEnsemble(pool: ThreadPool, for task: Architecture.Task? = nil) throws -> ModelEnsemble {
    let first = try load(try source(weights.first, task), pool)
    let others = try weights.dropFirst().map { try load(try source($0, task), pool) }
    return try ModelEnsemble(first, others)
  }

  private func load(_ source: Source, _ pool: ThreadPool) throws -> LoadedModel {
    let model = try LoadedModel(
      name: source.name, graph: source.graph, checkpoint: source.checkpoint, pool: pool)
    for remark in model.remarks { Console.note("\(model.name): \(remark)") }
    return model
  }

  /// The network and the one checkpoint that the options name; where a `task` is given, it is theirs.
  func source(for task: Architecture.Task?) throws -> Source {
    guard weights.count < 2 else { throw CommandError.severalWeights(weights.count) }
    return try source(weights.first, task)
  }

  private func source(_ weights: String?, _ task: Architecture.Task?) throws -> Source {
    let (name, found) = try checkpoint(weights)
    var checkpoint = found
    guard let named = model ?? checkpoint.architecture else {
      throw CommandError.unknownArchitecture(file: name)
    }
    let architecture = try NetworkRegistry.architecture(named)
    if let found = checkpoint.architecture, found != named {
      throw CommandError.otherArchitecture(file: name, expected: named, found: found)
    }
    if let task, architecture.task != task {
      throw CommandError.otherTask(model: named, expected: task)
    }
    // Bare weights are from here on those of the architecture that was named.
    checkpoint.architecture = named
    if checkpoint.normalization == nil { checkpoint.normalization = architecture.normalization }
    let arguments = checkpoint.arguments.merging(try Self.pairs(settings)) { $1 }
    var nominal = architecture.nominal
    // A classifier's dense layers belong to the size of its training.
    if architecture.task == .classification, let size = checkpoint.trainingSize {
      nominal = nominal.with(height: size.height, width: size.width)
    }
    let graph = try NetworkRegistry.graph(named, arguments: arguments, nominal: nominal)
    return (name, graph, checkpoint)
  }

  /// How the files of checkpoints end.
  private static let endings = [".safetensors", ".pth", ".pt"]

  private func checkpoint(_ weights: String?) throws -> (name: String, Checkpoint) {
    if let weights {
      let isPath = weights.contains("/") || Self.endings.contains(where: weights.hasSuffix)
      let isFile = FileManager.default.fileExists(atPath: weights) && !InputCollection.isFolder(weights)
      if isPath || isFile {
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
