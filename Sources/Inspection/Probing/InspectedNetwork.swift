import Graphs
import Images
import Layers
import TensorCore

/// A network with its parameters, to be looked into: as in inference, but with every layer under its own name.
///
/// Batch norms keep their running statistics and dropout passes everything on, also where gradients flow.
public struct InspectedNetwork: Sendable {
  /// What messages and pictures call it.
  public let name: String
  /// The network.
  public let graph: Graph
  /// The parameters by name.
  public let parameters: [String: Tensor]
  /// What it expects of its input.
  public let normalization: Normalization
  /// The names of the classes; `class 0` and so on where nobody knows them.
  public let classes: [String]
  /// Channels of the input.
  public let channels: Int

  /// A network for looking into; auxiliary logits are left out.
  ///
  /// - Parameter classes: their names; left out if there are more or fewer than the network gives.
  /// - Throws: `InspectionError.graph` for a graph without a sound input or output.
  public init(
    name: String, graph: Graph, parameters: [String: Tensor], normalization: Normalization = .imageNet,
    classes: [String] = []
  ) throws(InspectionError) {
    do throws(GraphError) {
      let still = try graph.forInference().freezingBatchNorm { _ in true }.withoutDropout()
      let shapes = try still.inferShapes()
      (self.name, self.graph, self.parameters) = (name, still, parameters)
      self.normalization = normalization
      channels = still.inputs.first.map { shapes[$0][0].channels } ?? 0
      let count = still.outputs.first.map { shapes[$0].channels } ?? 0
      self.classes = classes.count == count ? classes : (0..<count).map { "class \($0)" }
    } catch {
      throw .graph(model: name, error)
    }
  }

  /// The name of the input.
  var input: String { graph.inputs.first.map { graph.nodes[$0].name } ?? "input" }

  /// The shape that the network was described for, `[N, H, W, C]`.
  public var nominal: Shape {
    graph.inputs.first.flatMap { (graph.nodes[$0].operation as? Input)?.nominal } ?? [1, 1, 1, 1]
  }

  /// What summaries call an operator: a batch norm is one, however it runs.
  static func label(of operation: any Operator) -> String {
    operation is FrozenBatchNorm2D ? BatchNorm2D().label : operation.label
  }

  /// The class of an index or a name; an index that is also another class's name is the index.
  ///
  /// - Throws: `InspectionError.unknownClass`.
  public func classIndex(_ text: String) throws(InspectionError) -> Int {
    if let index = Int(text), classes.indices.contains(index) { return index }
    if let index = classes.firstIndex(of: text) { return index }
    let isNamed = classes.first != "class 0"
    throw .unknownClass(model: name, name: text, classes: classes.count, names: isNamed ? classes : [])
  }

  /// The shapes of every node's first output for an input `[N, H, W, C]`.
  ///
  /// - Throws: `InspectionError.graph`.
  public func shapes(for input: Shape) throws(InspectionError) -> [Shape] {
    do throws(GraphError) {
      return try graph.inferShapes([self.input: input]).map { $0[0] }
    } catch {
      throw .graph(model: name, error)
    }
  }

  /// A picture as the network reads it, `[1, H, W, C]`: colour, or luma for a network of one channel.
  ///
  /// - Throws: `InspectionError.inputChannels`.
  public func tensor(of picture: Raster) throws(InspectionError) -> Tensor {
    guard channels == 3 || channels == 1 else { throw .inputChannels(model: name, found: channels) }
    let rgb = picture.rgb8()
    var tensor = Tensor(
      zeros: Shape(batch: 1, height: rgb.height, width: rgb.width, channels: channels))
    guard case .eight(let samples) = rgb.samples else { return tensor }
    tensor.withUnsafeMutableElements { target in
      samples.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        if channels == 1 {
          normalization.applyLuma(from, pixels: rgb.width * rgb.height, into: to)
        } else {
          normalization.apply(from, pixels: rgb.width * rgb.height, into: to)
        }
      }
    }
    return tensor
  }

  /// The mean and deviation of an input channel.
  func normalization(ofChannel channel: Int) -> (mean: Float, deviation: Float) {
    (normalization.mean[min(channel, 2)], normalization.deviation[min(channel, 2)])
  }
}

extension Graph {
  /// The same network with every dropout as an identity of the same name.
  fileprivate func withoutDropout() throws(GraphError) -> Graph {
    try Graph(
      nodes: nodes.map { node in
        node.operation is Dropout
          ? Node(name: node.name, operation: ActivationLayer(.identity), inputs: node.inputs) : node
      }, outputs: outputs)
  }
}
