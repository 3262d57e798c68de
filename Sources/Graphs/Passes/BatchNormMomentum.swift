import Layers

extension Graph {
  /// The same network with another share of each batch in the running statistics of its batch norms.
  ///
  /// Data of several kinds in small batches, such as dark and bright pictures, needs less than the usual 0.1: the
  /// statistics of the last ten batches are then not those of the data.
  public func withBatchNormMomentum(_ momentum: Float) throws(GraphError) -> Graph {
    var rewriter = Rewriter(self)
    for (index, node) in nodes.enumerated() {
      guard let norm = node.operation as? BatchNorm2D else {
        rewriter.keep(index)
        continue
      }
      rewriter.keep(index, as: norm.with(momentum: momentum))
    }
    return try rewriter.graph()
  }
}
