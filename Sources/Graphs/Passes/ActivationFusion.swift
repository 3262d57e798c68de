import Layers

extension Graph {
  /// The same network with each activation layer done by the node before it, where that node can.
  ///
  /// Batch norms and sums take an activation in both modes: their backward recovers the derivative from the output.
  /// Convolutions and dense layers take one in inference only.
  public func fusingActivations(for mode: Mode) throws(GraphError) -> Graph {
    let readers = readers
    var rewriter = Rewriter(self)
    var gone: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      if gone.contains(index) {
        rewriter.bypass(index)
        continue
      }
      guard let next = soleReader(of: index, readers),
        let layer = nodes[next].operation as? ActivationLayer,
        let fused = fused(node.operation, layer.activation, mode)
      else {
        rewriter.keep(index)
        continue
      }
      gone.insert(next)
      rewriter.keep(index, as: fused)
    }
    return try rewriter.graph()
  }

  private func fused(
    _ operation: any Operator, _ activation: Activation, _ mode: Mode
  ) -> (any Operator)? {
    switch operation {
    case let norm as BatchNorm2D where norm.activation == .identity:
      norm.with(activation: activation)
    case let layer as any FoldableOperator where layer.activation == .identity && mode == .inference:
      layer.with(activation: activation)
    case let sum as Addition where sum.activation == .identity:
      Addition(activation: activation)
    default:
      nil
    }
  }
}
