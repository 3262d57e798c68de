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
    /// Multiply-accumulates of one run.
    public let macs: Int
  }

  /// The architecture's name.
  public let model: String
  /// Elements of the trained parameters of all layers.
  public let parameters: Int
  /// Multiply-accumulates of one run.
  public let macs: Int
  /// Pixels of the input that one output depends on, along each side, as if the image went on beyond its border.
  public let receptiveField: Int
  /// The layers in execution order.
  public let layers: [Layer]

  private enum CodingKeys: String, CodingKey {
    case model, parameters, macs, layers
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
    var trained = 0
    layers = graph.nodes.enumerated().map { index, node in
      let specs = node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] })
      trained += specs.filter(\.isTrained).reduce(0) { $0 + $1.shape.count }
      return Layer(
        name: node.name, operator: node.operation.label, output: shapes[index][0].extents,
        parameters: specs.filter(\.isTrained).reduce(0) { $0 + $1.shape.count }, macs: macs[index])
    }
    self.model = model
    parameters = trained
    self.macs = macs.reduce(0, +)
    let fields = try graph.receptiveFields(sizes)
    receptiveField = graph.outputs.first.flatMap { fields[$0.node] }.map { max($0.height, $0.width) } ?? 0
  }
}
