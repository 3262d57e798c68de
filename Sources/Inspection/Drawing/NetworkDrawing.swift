import Graphs
import Layers
import TensorCore

/// A network as an SVG: a box for each layer with what works on its output alone, from the top to the bottom, the
/// further to the right the coarser its activation; skips and branches run at the right, pooling indices at the left.
public struct NetworkDrawing {
  /// A layer with the batch norm, activation and dropout behind it that nobody else reads.
  struct Block {
    let title: String
    var details: [String]
    /// The first and the last of its nodes.
    let first: Int
    var last: Int
    let kind: Kind
  }

  /// What a box's colour shows.
  enum Kind: String, CaseIterable {
    case convolution = "#dbe9f6"
    case enlarging = "#e6dcf2"
    case pooling = "#fbe3d6"
    case joining = "#e0f0d8"
    case dense = "#fff2cc"
    case other = "#f2f2f2"

    var name: String {
      switch self {
      case .convolution: "convolution"
      case .enlarging: "enlarging"
      case .pooling: "pooling"
      case .joining: "joining"
      case .dense: "dense"
      case .other: "other"
      }
    }

    /// Whether its layers have weights, as a rule.
    var hasWeights: Bool { self == .convolution || self == .dense }
  }

  /// What a line stands for.
  enum Link: CaseIterable {
    case next
    case skip
    case indices
    case shape

    var style: String {
      switch self {
      case .next: "stroke=\"#444\" stroke-width=\"1.5\""
      case .skip: "stroke=\"#0072b2\" stroke-width=\"1.5\""
      case .indices: "stroke=\"#d55e00\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\""
      case .shape: "stroke=\"#999\" stroke-width=\"1\" stroke-dasharray=\"1.5 3\""
      }
    }

    var name: String {
      switch self {
      case .next: "next layer"
      case .skip: "skip connection"
      case .indices: "pooling indices"
      case .shape: "size alone"
      }
    }
  }

  /// A line from a box to a later one.
  struct Edge: Equatable {
    let from: Int
    let to: Int
    var link: Link

    /// Whether it is drawn straight down; others run beside the boxes.
    var isStraight: Bool { to == from + 1 && (link == .next || link == .skip) }
  }

  let title: String
  let blocks: [Block]
  let edges: [Edge]
  let shapes: [Shape]
  /// How many times each box's activation was halved.
  let levels: [Int]

  /// The drawing of a network at an input size, `[N, H, W, C]`.
  ///
  /// - Throws: `GraphError` when the network does not take it.
  public init(_ model: String, _ graph: Graph, input: Shape) throws(GraphError) {
    let names = graph.inputs.map { graph.nodes[$0].name }
    let inferred = try graph.inferShapes(Dictionary(uniqueKeysWithValues: names.map { ($0, input) }))
    let readers = graph.readers
    var blocks: [Block] = []
    var places = [Int](repeating: 0, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if Self.follows(node.operation), let source = node.inputs.first?.node, readers[source].count == 1,
        !graph.outputs.contains(where: { $0.node == source }), blocks[places[source]].last == source,
        !(graph.nodes[source].operation is Input)
      {
        places[index] = places[source]
        blocks[places[index]].details.append(node.operation.label)
        blocks[places[index]].last = index
      } else {
        places[index] = blocks.count
        blocks.append(
          Block(
            title: node.name, details: [Self.text(node)].filter { !$0.isEmpty }, first: index, last: index,
            kind: Self.kind(node.operation)))
      }
    }
    var edges: [Edge] = []
    for (index, node) in graph.nodes.enumerated() {
      for (position, value) in node.inputs.enumerated() where places[value.node] != places[index] {
        let link: Link =
          !node.operation.sees(input: position) ? .shape : value.output > 0 ? .indices : .next
        edges.append(Edge(from: places[value.node], to: places[index], link: link))
      }
    }
    let isSum = blocks.map { graph.nodes[$0.first].operation is Addition }
    edges = Self.markingSkips(edges, isSum: isSum, isWeighted: blocks.map { $0.kind.hasWeights })
    let shapes = blocks.map { inferred[$0.last][0] }
    levels = shapes.map { shape in
      var (level, height) = (0, max(1, shape.height))
      while height * 3 / 2 < input.height && level < 10 { (level, height) = (level + 1, height * 2) }
      return level
    }
    title = "\(model), input \(input.extents.map(String.init).joined(separator: "×"))"
    (self.blocks, self.edges, self.shapes) = (blocks, edges, shapes)
  }

  /// Whether an operator is shown in the box of the layer before it.
  private static func follows(_ operation: any Operator) -> Bool {
    operation is BatchNorm2D || operation is FrozenBatchNorm2D || operation is ActivationLayer
      || operation is Dropout
  }

  private static func kind(_ operation: any Operator) -> Kind {
    switch operation {
    case is Convolution: .convolution
    case is TransposedConvolution, is Resize2D, is MaxUnpool2D: .enlarging
    case is MaxPool2D, is AveragePool2D, is AdaptiveAveragePool2D, is GlobalAveragePool2D, is LpPool2D,
      is StochasticPool2D:
      .pooling
    case is Concatenation, is Addition: .joining
    case is Dense: .dense
    default: .other
    }
  }

  /// An operator with its window, `conv2d 3×3 /2`; without its name where the node's says it already.
  private static func text(_ node: Graph.Node) -> String {
    let label = node.name.hasPrefix(node.operation.label) ? "" : node.operation.label
    return [label, window(of: node.operation)].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func window(of operation: any Operator) -> String {
    func window(_ kernel: Pair, _ stride: Pair, _ dilation: Pair = 1) -> String {
      "\(kernel.height)×\(kernel.width)" + (stride == 1 ? "" : " /\(stride.height)")
        + (dilation == 1 ? "" : " dilation \(dilation.height)")
    }
    switch operation {
    case let layer as Convolution:
      return window(layer.kernel, layer.stride, layer.dilation)
        + (layer.groups == 1 ? "" : " in \(layer.groups) groups")
    case let layer as TransposedConvolution: return window(layer.kernel, layer.stride)
    case let layer as MaxPool2D: return window(layer.kernel, layer.stride)
    case let layer as AveragePool2D: return window(layer.kernel, layer.stride)
    case let layer as LpPool2D: return window(layer.kernel, layer.stride)
    case let layer as StochasticPool2D: return window(layer.kernel, layer.stride)
    case let layer as AdaptiveAveragePool2D: return "to \(layer.output.height)×\(layer.output.width)"
    default: return ""
    }
  }
}
