import TensorCore

/// Joins activations along their channels, in the order of the inputs.
///
/// Inputs `[N, H, W, Cᵢ]` give `[N, H, W, ΣCᵢ]`. An input that already lies in its slice of the output is not
/// copied, nor is a gradient.
public struct Concatenation: Operator {
  /// A concatenation of any number of inputs.
  public init() {}

  /// `concat`.
  public var label: String { "concat" }

  /// `[N, H, W, ΣCᵢ]`.
  ///
  /// - Throws: `LayerError` without inputs or when N, H or W differ.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    guard let first = inputs.first else { throw .inputCount(operator: label, expected: 1, found: 0) }
    var channels = 0
    for input in inputs {
      let expected = first.with(channels: input.channels)
      if input != expected { throw .shapesDiffer(operator: label, expected: expected, found: input) }
      channels += input.channels
    }
    return [first.with(channels: channels)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether there is one input only.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool { inputs.count == 1 }

  /// Copies every input to its channels of the output.
  public func forward(_ pass: ForwardPass) {
    var offset = 0
    for input in pass.inputs {
      pass.outputs[0].channels(offset..<offset + input.channels).copy(from: input, pool: pass.pool)
      offset += input.channels
    }
  }

  /// Copies every input's channels of the gradient.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    var offset = 0
    for (input, target) in zip(pass.inputs, pass.inputGradients) {
      target?.copy(from: gradient.channels(offset..<offset + input.channels), pool: pass.pool)
      offset += input.channels
    }
  }
}
