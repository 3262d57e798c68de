import TensorCore

/// A dense layer on all pixels and channels of an image: a convolution whose kernel is as large as its input.
///
/// Parameters: `weight` `[O, C · H · W]` in PyTorch's order of a flattened `[C, H, W]`, and `bias` `[O]`. Written
/// as `[O, C, H, W]` that is a convolution's weight, element by element.
public struct Dense: FoldableOperator {
  /// O, output features.
  public let outputs: Int
  /// Whether a bias is added.
  public let bias: Bool
  /// Applied to the result; anything but the identity is for inference alone.
  public let activation: Activation

  /// A dense layer to `outputs` features.
  public init(outputs: Int, bias: Bool = true, activation: Activation = .identity) {
    self.outputs = outputs
    self.bias = bias
    self.activation = activation
  }

  /// `dense`
  public var label: String { "dense" }
  /// The weight is `[O, I]`.
  public var outputAxis: Int { 0 }
  /// The inputs, for the gradient of the weight.
  public var backwardReads: BackwardReads { .inputs }

  /// The same layer with a bias and this activation.
  public func withBias(activation: Activation) -> any FoldableOperator {
    Dense(outputs: outputs, bias: true, activation: activation)
  }

  /// The same layer with this activation.
  public func with(activation: Activation) -> any FoldableOperator {
    Dense(outputs: outputs, bias: bias, activation: activation)
  }

  /// The whole image.
  public func window(for inputs: [Shape]) -> Window? { Window(whole: inputs[0]) }

  /// `[N, 1, 1, O]`.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    guard outputs >= 1 else {
      throw .setting(operator: label, name: "outputs", expected: "of 1 or more", found: outputs)
    }
    return [Shape(batch: inputs[0].batch, height: 1, width: 1, channels: outputs)]
  }

  /// `weight` and `bias`, uniform within `1 / √(C · H · W)` as PyTorch starts them.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    let features = inputs[0].count / max(1, inputs[0].batch)
    let bound = 1 / Float(max(1, features)).squareRoot()
    let weight = ParameterSpec("weight", [outputs, features], .uniform(bound: bound), decays: true)
    return bias ? [weight, ParameterSpec("bias", [outputs], .uniform(bound: bound))] : [weight]
  }

  /// One for each input and output feature.
  public func macs(for inputs: [Shape]) -> Int { inputs[0].count * outputs }

  /// The convolution that this layer is.
  private func convolution(for input: Shape) -> Convolution {
    Convolution(
      outputs: outputs, kernel: Pair(input.height, input.width), bias: bias, activation: activation)
  }

  /// Those of the convolution that this layer is.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    convolution(for: inputs[0]).algorithms(for: inputs, direction)
  }

  /// That of the convolution that this layer is.
  public func weightGradients(for inputs: [Shape]) -> [any WeightGradientAlgorithm] {
    convolution(for: inputs[0]).weightGradients(for: inputs)
  }

  /// That of the convolution that this layer is.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    convolution(for: inputs[0]).workspace(for: inputs, direction, threads: threads)
  }

  /// Multiplies.
  public func forward(_ pass: ForwardPass) { runLinear(pass) }

  /// Writes the gradients of the input, the weight and the bias.
  public func backward(_ pass: BackwardPass) { convolution(for: pass.inputs[0].shape).backward(pass) }
}
