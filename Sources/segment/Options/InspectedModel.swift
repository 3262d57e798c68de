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
      normalization: checkpoint.normalization ?? Self.normalization(of: architecture),
      classes: checkpoint.classes)
    self.checkpoint = checkpoint
  }

  /// The same; an architecture that no weights ship for has fresh parameters, which a note says.
  static func orRandom(_ options: ModelOptions) throws -> InspectedModel {
    do {
      return try InspectedModel(options)
    } catch InferenceError.noWeights(let model, _) {
      let architecture = try NetworkRegistry.architecture(model)
      let graph = try NetworkRegistry.graph(model, arguments: ModelOptions.pairs(options.settings))
      let network = try InspectedNetwork(
        name: model, graph: graph, parameters: try graph.initialParameters(seed: 0),
        normalization: architecture.normalization ?? normalization(of: architecture))
      Console.note("\(model): no weights ship for it; its parameters are random")
      return InspectedModel(network: network, architecture: architecture, checkpoint: nil)
    }
  }

  private static func normalization(of architecture: Architecture) -> Normalization {
    architecture.nominal.channels == 1 ? .unit : .imageNet
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
}
