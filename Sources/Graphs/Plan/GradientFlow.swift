import Layers
import TensorCore

/// Which values of a graph get a gradient when its first output is differentiated by the trained parameters.
///
/// Only the first output of a node is differentiable; others, such as pooling indices, are not.
package struct GradientFlow {
  /// For each node, whether a gradient arrives at its first output and is of use behind it.
  package let flows: [Bool]
  /// For each node, whether a trained parameter stands at it or before it.
  private let depends: [Bool]

  package init(_ graph: Graph, isTrained: (Graph.Node) -> Bool) {
    var depends = [Bool](repeating: false, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      depends[index] = isTrained(node) || node.inputs.contains { $0.output == 0 && depends[$0.node] }
    }
    var flows = [Bool](repeating: false, count: graph.nodes.count)
    if let root = graph.outputs.first { flows[root.node] = depends[root.node] }
    for (index, node) in graph.nodes.enumerated().reversed() where flows[index] {
      for input in node.inputs where input.output == 0 && depends[input.node] {
        flows[input.node] = true
      }
    }
    self.flows = flows
    self.depends = depends
  }

  /// Whether a node's backward run writes a gradient for this input.
  package func wants(_ value: Graph.Value) -> Bool { value.output == 0 && depends[value.node] }
}
