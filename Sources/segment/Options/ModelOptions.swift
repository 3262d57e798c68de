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
      "The architecture; 'segment models' lists them. Default: what the weights say."
  )
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A checkpoint (.safetensors, or .pth of PyTorch), or the name of a model that ships; several, each with --weights, "
        + "are averaged. Default: the one that ships for the model.",
      valueName: "weights"))
  var weights: [String] = []

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  func validate() throws { try Self.validate(settings) }

  /// Throws unless the options name a model: of those that ship, none is the obvious one.
  func requireModel() throws {
    if model == nil && weights.isEmpty {
      throw ValidationError(
        "--weights: expected a checkpoint, or an architecture with --model; found neither")
    }
  }

  /// Throws when the options name several checkpoints.
  func requireOne() throws {
    guard weights.count > 1 else { return }
    throw ValidationError(
      "--weights: expected one checkpoint, found \(weights.count); 'segment predict', 'classify' and 'evaluate' "
        + "average several")
  }

  /// A network and a checkpoint for it.
  typealias Source = (name: String, graph: Graph, checkpoint: Checkpoint)

  /// The model ready to run; where a `task` is given, it is the model's.
  func load(pool: ThreadPool, for task: Architecture.Task? = nil) throws -> LoadedModel {
    try load(try source(for: task), pool, givesClasses: false)
  }

  /// All models that the options name, ready to be averaged.
  func loadEnsemble(pool: ThreadPool, for task: Architecture.Task? = nil) throws -> ModelEnsemble {
    let isSegmentation = task == .segmentation
    let first = try load(try source(weights.first, task), pool, givesClasses: isSegmentation)
    let others = try weights.dropFirst().map {
      try load(try source($0, task), pool, givesClasses: isSegmentation)
    }
    return try ModelEnsemble(first, others)
  }

  private func load(_ source: Source, _ pool: ThreadPool, givesClasses: Bool) throws -> LoadedModel {
    let model = try LoadedModel(
      name: source.name, graph: source.graph, checkpoint: source.checkpoint, pool: pool,
      givesClasses: givesClasses)
    for remark in model.remarks { Console.note("\(model.name): \(remark)") }
    return model
  }

  /// The network and the first checkpoint that the options name; where a `task` is given, it is theirs.
  func source(for task: Architecture.Task?) throws -> Source { try source(weights.first, task) }

  private func source(_ weights: String?, _ task: Architecture.Task?) throws -> Source {
    // Before weights are looked for, which a network of another task would not need.
    if let model, let task, try Self.architecture(model).task != task {
      throw CommandError.otherTask(model: model, expected: task)
    }
    let (name, found) = try checkpoint(weights)
    var checkpoint = found
    guard let named = model ?? checkpoint.architecture else {
      throw CommandError.unknownArchitecture(file: name)
    }
    let architecture =
      model == nil
      ? try Architecture.named(named, in: name, at: Checkpoint.Key.architecture)
      : try Self.architecture(named)
    if let found = checkpoint.architecture, found != named {
      throw CommandError.otherArchitecture(file: name, expected: named, found: found)
    }
    if let task, architecture.task != task {
      throw CommandError.otherTask(model: named, expected: task)
    }
    // Bare weights are from here on those of the architecture that was named.
    checkpoint.architecture = named
    if checkpoint.normalization == nil { checkpoint.normalization = architecture.normalization }
    _ = try CommandError.of(name) { () throws(SegmentationError) in
      try architecture.checked(checkpoint.arguments)
    }
    let arguments = checkpoint.arguments.merging(Self.pairs(settings)) { $1 }
    var nominal = architecture.nominal
    // A classifier's dense layers belong to the size of its training.
    if architecture.task == .classification, let size = checkpoint.trainingSize {
      nominal = nominal.with(height: size.height, width: size.width)
    }
    let graph = try NetworkRegistry.graph(named, arguments: arguments, nominal: nominal)
    return (name, graph, checkpoint)
  }

  /// The architecture `name`; of a model that ships under a name of its own, advice to take its weights.
  private static func architecture(_ name: String) throws -> Architecture {
    do throws(SegmentationError) {
      return try NetworkRegistry.architecture(name)
    } catch {
      guard let shipped = try? ShippedModels.installed().model(name) else { throw error }
      throw CommandError.shippedModel(name: name, architecture: shipped.architecture ?? "network")
    }
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
    _ = try Self.architecture(architecture)
    let shipped = try ShippedModels.installed()
    guard let found = try shipped.model(for: architecture) else {
      throw InferenceError.noWeights(model: architecture, shipped: shipped.names)
    }
    return (found.name, try Checkpoint.read(found.path))
  }

  /// Throws what the command line takes for wrong usage unless all texts are `key=value`.
  static func validate(_ texts: [String], of option: String = "--set") throws {
    for text in texts where !isPair(text) {
      throw ValidationError("\(option): expected key=value, found '\(text)'")
    }
  }

  private static func isPair(_ text: String) -> Bool {
    text.firstIndex(of: "=").map { $0 != text.startIndex } ?? false
  }

  /// Texts that `validate` has passed, as a dictionary; of equal keys the last one counts.
  static func pairs(_ texts: [String]) -> [String: String] {
    Dictionary(
      texts.filter(isPair).map { text in
        let split = text.firstIndex(of: "=") ?? text.endIndex
        return (String(text[..<split]), String(text[split...].dropFirst()))
      }
    ) { $1 }
  }
}
