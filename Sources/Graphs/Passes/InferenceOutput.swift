import Layers

extension Graph {
  /// The network without what only training uses: its first output alone, and the nodes that this depends on.
  ///
  /// Inputs stay even where nothing reads them.
  public func forInference() throws(GraphError) -> Graph {
    var isUsed = nodes.map { $0.operation is Input }
    if let output = outputs.first { isUsed[output.node] = true }
    for (index, node) in nodes.enumerated().reversed() where isUsed[index] {
      for input in node.inputs { isUsed[input.node] = true }
    }
    var places: [Int: Int] = [:]
    var kept: [Node] = []
    for (index, node) in nodes.enumerated() where isUsed[index] {
      places[index] = kept.count
      kept.append(
        Node(name: node.name, operation: node.operation, inputs: node.inputs.map { moved($0, places) }))
    }
    return try Graph(nodes: kept, outputs: outputs.prefix(1).map { moved($0, places) })
  }

  private func moved(_ value: Value, _ places: [Int: Int]) -> Value {
    Value(node: places[value.node] ?? value.node, output: value.output)
  }
}
