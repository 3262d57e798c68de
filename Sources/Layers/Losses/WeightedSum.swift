import TensorCore

/// The sum of losses `[1, 1, 1, 1]`, each by its weight, from the first to the last.
public struct WeightedSum: Operator {
  /// One for each input.
  public let weights: [Float]

  /// A sum by these weights.
  public init(_ weights: [Float]) { self.weights = weights }

  /// `weighted_sum`.
  public var label: String { "weighted_sum" }

  /// One number.
  ///
  /// - Throws: `LayerError` unless there is a loss for each weight.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: weights.count)
    for input in inputs where input != [1, 1, 1, 1] {
      throw .shapesDiffer(operator: label, expected: [1, 1, 1, 1], found: input)
    }
    return [[1, 1, 1, 1]]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Adds.
  public func forward(_ pass: ForwardPass) {
    var sum: Float = 0
    for (input, weight) in zip(pass.inputs, weights) { sum += weight * input.pointer.pointee }
    pass.outputs[0].pointer.pointee = sum
  }

  /// Scales the gradient for each input.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0]?.pointer.pointee else { return }
    for (target, weight) in zip(pass.inputGradients, weights) { target?.pointer.pointee = weight * gradient }
  }
}
