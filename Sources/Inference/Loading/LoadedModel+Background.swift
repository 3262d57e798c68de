import Graphs
import Layers
import TensorCore
import Weights

/// Networks of one channel, whose sigmoid is the share of the one class that there is beside a background.
///
/// They run as networks of two classes: of the logits 0 and `x`, the second softmax is the sigmoid of `x`.
enum Background {
  private static let node = "background"

  /// Whether a network gives one channel.
  static func isMissing(in graph: Graph) throws(GraphError) -> Bool {
    let shapes = try graph.inferShapes()
    return graph.outputs.first.map { shapes[$0.node][$0.output].channels } == 1
  }

  /// The network of two classes.
  static func added(to graph: Graph) throws(GraphError) -> Graph {
    let graph = try graph.forInference()
    let layer = Convolution(outputs: 2, kernel: 1, bias: false)
    let nodes = graph.nodes + [.init(name: node, operation: layer, inputs: [graph.outputs[0]])]
    return try Graph(nodes: nodes, outputs: [.init(node: nodes.count - 1)])
  }

  /// Its parameters.
  static func added(to parameters: [String: Tensor]) -> [String: Tensor] {
    parameters.merging(["\(node).weight": Tensor([0, 1], shape: [2, 1, 1, 1])]) { $1 }
  }

  /// What it says of itself: the background comes before the class.
  static func added(to checkpoint: Checkpoint) -> Checkpoint {
    var checkpoint = checkpoint
    let names = checkpoint.classes
    if names.count < 2 { checkpoint.classes = ["background", names.first ?? "foreground"] }
    if checkpoint.palette.count == 1 { checkpoint.palette.insert([0, 0, 0], at: 0) }
    return checkpoint
  }
}
