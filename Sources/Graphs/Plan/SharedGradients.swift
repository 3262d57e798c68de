import Layers

/// Which inputs of a sum have their gradient where the sum's own lies: it is the same but for the sum's activation,
/// whose derivative is applied in place.
enum SharedGradients {
  /// The inputs of node `index` that share; none unless it is a sum through which a gradient flows.
  ///
  /// The sum has to be the last reader of each, so that nobody has written its gradient before. All that share have to be
  /// done with the gradient before anyone adds to that of the input whose node runs backward last: this one may have
  /// other readers and pass the memory on to sums and concatenations before it, and the others may not.
  ///
  /// Of a batch norm with a sum behind it, only the addend shares: the other gradient is the batch norm's own work.
  static func inputs(
    of index: Int, _ graph: Graph, _ readers: [[Int]], _ flow: GradientFlow
  ) -> [Graph.Value] {
    let node = graph.nodes[index]
    guard flow.flows[index] else { return [] }
    let candidates = terms(of: node).filter { value in
      value.output == 0 && flow.wants(value) && !graph.outputs.contains(value)
        && readers[value.node].last == index && node.inputs.count(where: { $0 == value }) == 1
    }
    guard let last = candidates.min(by: { $0.node < $1.node }) else { return [] }
    let reading = readers[last.node].filter { $0 != index }.max() ?? last.node
    return candidates.filter { value in
      let node = graph.nodes[value.node]
      return value == last
        || (readers[value.node] == [index] && value.node > reading && terms(of: node).isEmpty
          && !(node.operation is Concatenation))
    }
  }

  /// The inputs that a node adds as they are.
  private static func terms(of node: Graph.Node) -> [Graph.Value] {
    switch node.operation {
    case is Addition: node.inputs
    case let norm as BatchNorm2D where norm.takesAddend: [node.inputs[1]]
    default: []
    }
  }
}
