import Layers

extension Graph {
  /// The network with each sum of two values done by the layer that gives one of them, where it has no other reader: the
  /// layer moves to the sum's place, and adds the other value to its own results. In inference convolutions do so, and
  /// in training batch norms.
  ///
  /// Activations are fused before, so that the sum's comes along.
  public func fusingSums(for mode: Mode) throws(GraphError) -> Graph {
    let readers = readers
    var terms: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      if let term = term(of: node, index, readers, mode) { terms[index] = term }
    }
    let moved = Set(terms.values)
    var rewriter = Rewriter(self)
    for (index, node) in nodes.enumerated() where !moved.contains(index) {
      guard let term = terms[index], let sum = node.operation as? Addition,
        let layer = joined(nodes[term].operation, sum.activation, mode),
        let other = node.inputs.first(where: { $0.node != term })
      else {
        rewriter.keep(index)
        continue
      }
      rewriter.replace(
        index,
        with: Node(name: nodes[term].name, operation: layer, inputs: [nodes[term].inputs[0], other]))
    }
    return try rewriter.graph()
  }

  /// The layer that a sum is fused with: the later one of two, because the other value is there by then.
  private func term(of node: Node, _ index: Int, _ readers: [[Int]], _ mode: Mode) -> Int? {
    guard let sum = node.operation as? Addition, node.inputs.count == 2 else { return nil }
    return node.inputs.map(\.node).filter { term in
      joined(nodes[term].operation, sum.activation, mode) != nil
        && soleReader(of: term, readers) == index
    }.max()
  }

  /// A layer with a second input to add and an activation behind; `nil` for one that cannot.
  private func joined(
    _ operation: any Operator, _ activation: Activation, _ mode: Mode
  ) -> (any Operator)? {
    switch operation {
    case let layer as Convolution where layer.activation == .identity && !layer.takesAddend:
      mode == .inference ? layer.withAddend(activation: activation) : nil
    case let norm as BatchNorm2D where norm.activation == .identity && !norm.takesAddend:
      mode == .training ? norm.withAddend(activation: activation) : nil
    default:
      nil
    }
  }
}
