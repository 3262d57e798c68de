import Layers
import TensorCore

extension Graph {
  /// The network for inference with every batch norm that directly follows a convolution, a transposed
  /// convolution or a dense layer folded into its weights and bias.
  ///
  /// `y = γ (w·x + b - μ) / √(σ² + ε) + β` is linear in `x`, so the layer takes the weights `w γ / √(σ² + ε)` and
  /// the bias `(b - μ) γ / √(σ² + ε) + β`. Computed in `Double`, so that the only loss is one rounding.
  ///
  /// - Returns: the graph, and the parameters with the folded ones in place of the old.
  public func foldingBatchNorm(
    _ parameters: [String: Tensor]
  ) throws(GraphError) -> (graph: Graph, parameters: [String: Tensor]) {
    let readers = readers
    var rewriter = Rewriter(self)
    var folded = parameters
    var gone: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      if gone.contains(index) {
        rewriter.bypass(index)
        continue
      }
      guard let (layer, norm, next) = foldable(index, readers) else {
        rewriter.keep(index)
        continue
      }
      let scale = try Scale(norm, name: nodes[next].name, parameters)
      let weight = try parameters.required("\(node.name).weight")
      let bias = layer.bias ? try parameters.required("\(node.name).bias") : nil
      folded["\(node.name).weight"] = weight.scaled(by: scale.factor, axis: layer.outputAxis)
      folded["\(node.name).bias"] = scale.bias(bias)
      for name in ["weight", "bias", "running_mean", "running_var"] {
        folded["\(nodes[next].name).\(name)"] = nil
      }
      gone.insert(next)
      rewriter.keep(index, as: layer.withBias(activation: norm.activation))
    }
    return (try rewriter.graph(), folded)
  }

  /// The graph that `foldingBatchNorm` gives, for what needs no parameters: shapes, and memory by the plan.
  package func withFoldedBatchNorm() throws(GraphError) -> Graph {
    let readers = readers
    var rewriter = Rewriter(self)
    var gone: Set<Int> = []
    for index in nodes.indices {
      if gone.contains(index) {
        rewriter.bypass(index)
      } else if let (layer, norm, next) = foldable(index, readers) {
        gone.insert(next)
        rewriter.keep(index, as: layer.withBias(activation: norm.activation))
      } else {
        rewriter.keep(index)
      }
    }
    return try rewriter.graph()
  }

  /// A linear layer, the batch norm that directly follows it, and that one's index.
  private func foldable(
    _ index: Int, _ readers: [[Int]]
  ) -> (layer: any FoldableOperator, norm: BatchNorm2D, next: Int)? {
    guard let layer = nodes[index].operation as? any FoldableOperator, layer.activation == .identity,
      let next = soleReader(of: index, readers), let norm = nodes[next].operation as? BatchNorm2D,
      !norm.takesAddend
    else { return nil }
    return (layer, norm, next)
  }
}

/// The affine map per channel that a batch norm is in inference.
private struct Scale {
  let factor: [Double]
  let shift: [Double]

  init(_ norm: BatchNorm2D, name: String, _ parameters: [String: Tensor]) throws(GraphError) {
    let weight = try parameters.required("\(name).weight").elements
    let bias = try parameters.required("\(name).bias").elements
    let mean = try parameters.required("\(name).running_mean").elements
    let variance = try parameters.required("\(name).running_var").elements
    factor = weight.indices.map {
      Double(weight[$0]) / (Double(variance[$0]) + Double(norm.epsilon)).squareRoot()
    }
    let factor = factor
    shift = weight.indices.map { Double(bias[$0]) - Double(mean[$0]) * factor[$0] }
  }

  func bias(_ old: Tensor?) -> Tensor {
    let old = old?.elements ?? [Float](repeating: 0, count: factor.count)
    let elements = factor.indices.map { Float(Double(old[$0]) * factor[$0] + shift[$0]) }
    return Tensor(elements, shape: [factor.count])
  }
}

extension [String: Tensor] {
  func required(_ name: String) throws(GraphError) -> Tensor {
    guard let tensor = self[name] else { throw .parameterMissing(name) }
    return tensor
  }
}

extension Tensor {
  /// Each slice along `axis` times its factor; a grouped transposed convolution's outputs run over its groups
  /// first, so its factors belong to (group of the outer axis, index along `axis`).
  fileprivate func scaled(by factors: [Double], axis: Int) -> Tensor {
    var result = self
    let extent = shape[axis]
    let inner = shape.extents[(axis + 1)...].reduce(1, *)
    let outer = count / max(1, extent * inner)
    let groups = factors.count / max(1, extent)
    result.withUnsafeMutableElements { elements in
      for slice in 0..<outer {
        let group = slice * groups / max(1, outer)
        for index in 0..<extent {
          let base = (slice * extent + index) * inner
          let factor = factors[group * extent + index]
          for element in base..<base + inner {
            elements[element] = Float(Double(elements[element]) * factor)
          }
        }
      }
    }
    return result
  }
}
