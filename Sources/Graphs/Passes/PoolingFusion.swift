import Layers

extension Graph {
  /// The network as inference runs it once batch norms are folded: activations, sums and poolings are done by the
  /// layers before them.
  public func fusedForInference() throws(GraphError) -> Graph {
    try fusingActivations(for: .inference).fusingSums(for: .inference).fusingPoolings()
  }

  /// The network for inference with each max pooling of windows of 2×2 done by the convolution before it, which takes the
  /// largest values while it writes them. What nobody else reads is not written at all.
  ///
  /// Activations and sums are fused before.
  public func fusingPoolings() throws(GraphError) -> Graph {
    var poolings: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() where isPooling(index) {
      let source = node.inputs[0]
      if source.output == 0, let layer = nodes[source.node].operation as? Convolution,
        PooledConvolution.suits(layer), poolings[source.node] == nil
      {
        poolings[source.node] = index
      }
    }
    let (readers, given) = (readers, Set(outputs.map(\.node)))
    // A convolution that only the pooling reads moves to its place, one that others read too stays.
    let moved = Set(poolings.keys.filter { readers[$0].count == 1 && !given.contains($0) })
    let fused = Set(poolings.values)
    var rewriter = Rewriter(self)
    for (index, node) in nodes.enumerated() where !moved.contains(index) {
      let source = node.inputs.first?.node ?? index
      if fused.contains(index), moved.contains(source), let layer = nodes[source].operation as? Convolution {
        rewriter.replace(
          index,
          with: Node(
            name: nodes[source].name, operation: PooledConvolution(layer, givesAll: false),
            inputs: nodes[source].inputs))
      } else if fused.contains(index) {
        rewriter.bypass(index, for: Value(node: source, output: 1))
      } else if poolings[index] != nil, let layer = node.operation as? Convolution {
        rewriter.keep(index, as: PooledConvolution(layer, givesAll: true))
      } else {
        rewriter.keep(index)
      }
    }
    return try rewriter.graph()
  }

  /// Whether a node takes the largest values of windows of 2×2, and nobody reads where they were.
  private func isPooling(_ index: Int) -> Bool {
    guard let pool = nodes[index].operation as? MaxPool2D else { return false }
    let indices = Value(node: index, output: 1)
    return pool == MaxPool2D(kernel: PooledConvolution.kernel) && !outputs.contains(indices)
      && !nodes.contains { $0.inputs.contains(indices) }
  }
}
