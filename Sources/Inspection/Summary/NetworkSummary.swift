import Graphs
import Layers
import TensorCore

/// What a network is made of, at one input size.
public struct NetworkSummary: Sendable, Codable, Equatable {
  /// A node of the network.
  public struct Layer: Sendable, Codable, Equatable {
    /// Its dotted name.
    public let name: String
    /// Its operator, such as `conv2d`.
    public let `operator`: String
    /// The shape of its output, `[N, H, W, C]`.
    public let output: [Int]
    /// Elements of its trained parameters.
    public let parameters: Int
    /// Elements of its other parameters: a batch norm's running statistics.
    public let untrained: Int
    /// Multiply-accumulates of one run.
    public let macs: Int
    /// Pixels of the input that an element of its output depends on, height and width; `nil` before the image.
    public let receptiveField: [Int]?
    /// Pixels of the input from an element to the next, down and to the right.
    public let stride: [Double]?
    /// Bytes of its outputs.
    public let bytes: Int

    private enum CodingKeys: String, CodingKey {
      case name, `operator`, output, parameters, untrained, macs, stride, bytes
      case receptiveField = "receptive_field"
    }
  }

  /// What a training or an inference comes to.
  public struct Total: Sendable, Codable, Equatable {
    /// Elements of the parameters that it reads: in training the trained ones, in inference all, batch norms folded into
    /// the layers before them where that can be.
    public let parameters: Int
    /// Multiply-accumulates; in training forward and backward.
    public let macs: Int
    /// Bytes of activations and scratch memory as a plan lays them out for one thread, in training with the gradients
    /// of activations.
    public let activationBytes: Int
    /// Bytes of parameters.
    public let parameterBytes: Int
    /// Bytes of the gradients of parameters.
    public let gradientBytes: Int

    private enum CodingKeys: String, CodingKey {
      case parameters, macs
      case activationBytes = "activation_bytes"
      case parameterBytes = "parameter_bytes"
      case gradientBytes = "gradient_bytes"
    }
  }

  /// The architecture's name.
  public let model: String
  /// Elements of the trained parameters of all layers.
  public let parameters: Int
  /// Elements of all other parameters.
  public let untrained: Int
  /// Multiply-accumulates of one run of all layers.
  public let macs: Int
  /// Pixels of the input that one output depends on, along each side, as if the image went on beyond its border.
  public let receptiveField: Int
  /// One step of a training with cross entropy.
  public let training: Total
  /// One run.
  public let inference: Total
  /// The layers in execution order.
  public let layers: [Layer]

  private enum CodingKeys: String, CodingKey {
    case model, parameters, untrained, macs, layers, training, inference
    case receptiveField = "receptive_field"
  }

  /// The summary of `graph` for an input `[N, H, W, C]`.
  ///
  /// - Throws: `GraphError` when the network does not take that shape.
  public init(_ model: String, _ graph: Graph, input: Shape) throws(GraphError) {
    let names = graph.inputs.map { graph.nodes[$0].name }
    let sizes = Dictionary(uniqueKeysWithValues: names.map { ($0, input) })
    let shapes = try graph.inferShapes(sizes)
    let macs = try graph.macs(sizes)
    let fields = try graph.receptiveFields(sizes)
    layers = graph.nodes.enumerated().map { index, node in
      let specs = node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] })
      return Layer(
        name: node.name, operator: node.operation.label, output: shapes[index][0].extents,
        parameters: specs.reduce(0) { $1.isTrained ? $0 + $1.shape.count : $0 },
        untrained: specs.reduce(0) { $1.isTrained ? $0 : $0 + $1.shape.count }, macs: macs[index],
        receptiveField: fields[index].map { [$0.height, $0.width] },
        stride: fields[index].map { [$0.strideHeight, $0.strideWidth] },
        bytes: shapes[index].reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride)
    }
    self.model = model
    parameters = layers.reduce(0) { $0 + $1.parameters }
    untrained = layers.reduce(0) { $0 + $1.untrained }
    self.macs = macs.reduce(0, +)
    receptiveField = graph.outputs.first.flatMap { fields[$0.node] }.map { max($0.height, $0.width) } ?? 0
    training = try Self.training(graph, sizes, logits: graph.outputs.first.map { shapes[$0] })
    inference = try Self.inference(graph, sizes)
  }

  /// One step: forward, the gradients of all weights, and those of all inputs but the image's.
  private static func training(
    _ graph: Graph, _ sizes: [String: Shape], logits: Shape?
  ) throws(GraphError) -> Total {
    var (graph, sizes) = (graph, sizes)
    if let logits {
      graph = try graph.withLoss(SoftmaxCrossEntropy())
      sizes[Graph.labelsInput] = logits.with(channels: 1)
    }
    graph = try graph.fusingActivations(for: .training).fusingSums(for: .training)
    let shapes = try graph.inferShapes(sizes)
    let specs = graph.nodes.map { node in
      node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] }).filter(\.isTrained)
    }
    let trained = Set(zip(graph.nodes, specs).filter { !$1.isEmpty }.map(\.0.name))
    let flow = GradientFlow(graph) { trained.contains($0.name) }
    var macs = 0
    for (index, cost) in try graph.macs(sizes).enumerated() {
      macs += cost
      guard flow.flows[index] else { continue }
      if !specs[index].isEmpty { macs += cost }
      if let first = graph.nodes[index].inputs.first, flow.wants(first) { macs += cost }
    }
    let memory = try graph.planMemory(sizes, mode: .training)
    return Total(
      parameters: specs.joined().reduce(0) { $0 + $1.shape.count }, macs: macs,
      activationBytes: memory.arena, parameterBytes: memory.parameters, gradientBytes: memory.gradients)
  }

  private static func inference(_ graph: Graph, _ sizes: [String: Shape]) throws(GraphError) -> Total {
    let graph = try graph.forInference().withFoldedBatchNorm().fusedForInference()
    let memory = try graph.planMemory(sizes, mode: .inference)
    return Total(
      parameters: memory.parameters / MemoryLayout<Float>.stride,
      macs: try graph.macs(sizes).reduce(0, +), activationBytes: memory.arena,
      parameterBytes: memory.parameters, gradientBytes: 0)
  }
}
