import Files
import Foundation
import Images
import Inference
import Inspection
import Segmentation
import TensorCore
import Weights

/// A network with its weights, for looking into.
struct InspectedModel {
  let network: InspectedNetwork
  let architecture: Architecture
  /// What its weights say of themselves; `nil` for random ones.
  let checkpoint: Checkpoint?

  private init(network: InspectedNetwork, architecture: Architecture, checkpoint: Checkpoint?) {
    (self.network, self.architecture, self.checkpoint) = (network, architecture, checkpoint)
  }

  /// The model that options name.
  init(_ options: ModelOptions, for task: Architecture.Task? = nil) throws {
    let (name, graph, checkpoint) = try options.source(for: task)
    let parameters = try LoadedModel.parameters(of: checkpoint, for: graph, name: name)
    for remark in checkpoint.remarks + parameters.remarks { Console.note("\(name): \(remark)") }
    architecture = try NetworkRegistry.architecture(options.model ?? checkpoint.architecture ?? "unet")
    network = try InspectedNetwork(
      name: name, graph: graph, parameters: parameters.tensors,
      normalization: checkpoint.normalization ?? (architecture.nominal.channels == 1 ? .unit : .imageNet),
      classes: checkpoint.classes)
    self.checkpoint = checkpoint
  }

  /// An architecture with a checkpoint, or with what ships for it, or, where `mayBeRandom`, with fresh parameters.
  init(model: String, weights: String?, settings: [String], mayBeRandom: Bool = false) throws {
    var options = ModelOptions()
    (options.model, options.weights, options.settings) = (model, weights.map { [$0] } ?? [], settings)
    do {
      try self.init(options)
    } catch InferenceError.noWeights where mayBeRandom {
      let architecture = try NetworkRegistry.architecture(model)
      let graph = try NetworkRegistry.graph(model, arguments: ModelOptions.pairs(settings))
      let network = try InspectedNetwork(
        name: model, graph: graph, parameters: try graph.initialParameters(seed: 0),
        normalization: architecture.normalization ?? .imageNet)
      self.init(network: network, architecture: architecture, checkpoint: nil)
      Console.note("\(model): no weights ship for it; its parameters are random")
    }
  }

  /// A picture as the network takes it: of a classifier the size of its training, otherwise its own.
  func fitted(_ picture: Raster) -> Raster {
    let rgb = picture.rgb8()
    guard architecture.task == .classification else { return rgb }
    let size = checkpoint?.trainingSize
    let (width, height) = (size?.width ?? network.nominal.width, size?.height ?? network.nominal.height)
    switch checkpoint?.fit ?? .cover {
    case .cover: return rgb.covering(width: width, height: height)
    case .pad: return rgb.padded(width: width, height: height)
    }
  }

  /// Throws when a result would replace its picture.
  static func check(output: String, input: String) throws {
    let same = [output, input].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    if same[0] == same[1] { throw InferenceError.outputIsInput(path: output) }
  }
}

extension PictureSheet {
  /// Writes the sheet whole or not at all.
  func write(to path: String) throws { try DurableFile.write(try bytes(for: path), to: path) }
}
