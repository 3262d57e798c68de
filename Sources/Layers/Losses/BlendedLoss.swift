import TensorCore

/// Two losses `[1, 1, 1, 1]` of one output, the first by a share that is an input too and the second by the rest: what
/// mixup differentiates (Zhang et al. 2018, arXiv:1710.09412).
public struct BlendedLoss: Operator {
  /// A sum of two losses.
  public init() {}

  /// `blended_loss`.
  public var label: String { "blended_loss" }

  /// One number.
  ///
  /// - Throws: `LayerError` unless there are two losses and a share.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 3)
    for input in inputs where input != [1, 1, 1, 1] {
      throw .shapesDiffer(operator: label, expected: [1, 1, 1, 1], found: input)
    }
    return [[1, 1, 1, 1]]
  }

  /// The share.
  public var backwardReads: BackwardReads { [.inputs] }

  /// Adds by the shares. A loss of no share counts as nothing, also where it is no number.
  public func forward(_ pass: ForwardPass) {
    let values = pass.inputs.map { $0.pointer.pointee }
    let share = values[2]
    pass.outputs[0].pointer.pointee =
      (share > 0 ? share * values[0] : 0) + (share < 1 ? (1 - share) * values[1] : 0)
  }

  /// Scales the gradient for each loss; the share has none.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0]?.pointer.pointee else { return }
    let share = pass.inputs[2].pointer.pointee
    for (target, scale) in zip(pass.inputGradients, [share, 1 - share, 0]) {
      target?.pointer.pointee = scale * gradient
    }
  }
}
