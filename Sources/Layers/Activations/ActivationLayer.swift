import TensorCore

/// An activation function as an operator: `[N, H, W, C]` to `[N, H, W, C]`.
public struct ActivationLayer: Operator {
  /// The function.
  public let activation: Activation

  /// An operator of `activation`.
  public init(_ activation: Activation) { self.activation = activation }

  /// The function's name, such as `relu`.
  public var label: String { activation.name }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1, or a negative slope or alpha.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    try activation.check(in: label)
    return inputs
  }

  /// The outputs, which tell every derivative.
  public var backwardReads: BackwardReads { activation == .identity ? [] : .outputs }

  /// True of the identity.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool { activation == .identity }

  /// Writes the function of every element.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    pass.pool.forEachRun(input.shape, contiguous: input.isContiguous && output.isContiguous) { pixel, count in
      activation.apply(input.pixel(pixel), to: output.pixel(pixel), count)
    }
  }

  /// Writes the gradient of the input; 0 where none flows back.
  public func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    guard let gradient = pass.outputGradients[0] else { return pass.pool.clear(target) }
    let output = pass.outputs[0]
    let contiguous = output.isContiguous && gradient.isContiguous && target.isContiguous
    pass.pool.forEachRun(target.shape, contiguous: contiguous) { pixel, count in
      activation.applyDerivative(
        output: output.pixel(pixel), gradient: gradient.pixel(pixel), to: target.pixel(pixel), count)
    }
  }
}
