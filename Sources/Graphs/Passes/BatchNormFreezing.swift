import Layers

extension Graph {
  /// The same network with each batch norm frozen whose parameters are: it keeps its statistics in training.
  ///
  /// - Parameter isFrozen: whether a parameter of that name stays as it is.
  public func freezingBatchNorm(_ isFrozen: (String) -> Bool) throws(GraphError) -> Graph {
    var rewriter = Rewriter(self)
    for (index, node) in nodes.enumerated() {
      // What an activation or a sum is fused with is no batch norm alone.
      guard let norm = node.operation as? BatchNorm2D, norm.activation == .identity, !norm.takesAddend,
        isFrozen("\(node.name).weight")
      else {
        rewriter.keep(index)
        continue
      }
      rewriter.keep(index, as: FrozenBatchNorm2D(epsilon: norm.epsilon))
    }
    return try rewriter.graph()
  }
}
