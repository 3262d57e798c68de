import Layers

extension Graph {
  /// The network for inference with each sum of two values done by the convolution that gives one of them, where it has
  /// no other reader: the convolution moves to the sum's place, and adds the other value to its own sums.
  ///
  /// Activations are fused before, so that the sum's comes along.
  public func fusingSums() throws(GraphError) -> Graph {
    let readers = readers
    var terms: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      if let term = term(of: node, index, readers) { terms[index] = term }
    }
    let moved = Set(terms.values)
    var rewriter = Rewriter(self)
    for (index, node) in nodes.enumerated() where !moved.contains(index) {
      guard let term = terms[index], let sum = node.operation as? Addition,
        let layer = nodes[term].operation as? Convolution,
        let other = node.inputs.first(where: { $0.node != term })
      else {
        rewriter.keep(index)
        continue
      }
      rewriter.replace(
        index,
        with: Node(
          name: nodes[term].name, operation: layer.withAddend(activation: sum.activation),
          inputs: [nodes[term].inputs[0], other]))
    }
    return try rewriter.graph()
  }

  /// The convolution that a sum is fused with: the later one of two, because the other value is there by then.
  private func term(of node: Node, _ index: Int, _ readers: [[Int]]) -> Int? {
    guard node.operation is Addition, node.inputs.count == 2 else { return nil }
    return node.inputs.map(\.node).filter { term in
      guard let layer = nodes[term].operation as? Convolution else { return false }
      return layer.activation == .identity && !layer.takesAddend && soleReader(of: term, readers) == index
    }.max()
  }
}
