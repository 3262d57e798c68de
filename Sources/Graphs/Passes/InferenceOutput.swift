import Layers

extension Graph {
  /// The network without what only training uses: its first output alone, and the nodes that this depends on.
  ///
  /// Inputs stay even where nothing reads them.
  public func forInference() throws(GraphError) -> Graph { try pruned(to: Array(outputs.prefix(1))) }

  /// The nodes that some values depend on, with these as outputs. Inputs stay even where nothing reads them.
  package func pruned(to values: [Value]) throws(GraphError) -> Graph {
    var isUsed = nodes.map { $0.operation is Input }
    for value in values { isUsed[value.node] = true }
    for (index, node) in nodes.enumerated().reversed() where isUsed[index] {
      for input in node.inputs { isUsed[input.node] = true }
    }
    var places = [Int](repeating: 0, count: nodes.count)
    var kept: [Node] = []
    for (index, node) in nodes.enumerated() where isUsed[index] {
      places[index] = kept.count
      kept.append(
        Node(
          name: node.name, operation: node.operation,
          inputs: node.inputs.map { Value(node: places[$0.node], output: $0.output) }))
    }
    return try Graph(nodes: kept, outputs: values.map { Value(node: places[$0.node], output: $0.output) })
  }
}
