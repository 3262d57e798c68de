import TensorCore

/// Marks logits that training looks at besides the network's own (Szegedy et al. 2015, arXiv:1409.4842, section 5); they
/// pass unchanged.
public struct AuxiliaryLogits: Operator {
  /// The weight of their loss; the network's own has 1.
  public let weight: Float

  /// Logits whose loss counts by `weight`.
  public init(weight: Float) { self.weight = weight }

  /// `auxiliary_logits`.
  public var label: String { "auxiliary_logits" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    return inputs
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Always.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool { true }

  /// Copies.
  public func forward(_ pass: ForwardPass) { pass.outputs[0].copy(from: pass.inputs[0], pool: pass.pool) }

  /// Copies the gradient.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    pass.inputGradients[0]?.copy(from: gradient, pool: pass.pool)
  }
}
