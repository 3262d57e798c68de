import TensorCore

/// Transposed convolution, PyTorch's `ConvTranspose2d`: the gradient of a convolution's input as a layer, which
/// enlarges its input by the stride.
///
/// Parameters: `weight` `[I, O, KH, KW]` and, if there is one, `bias` `[O]`.
public struct TransposedConvolution: FoldableOperator {
  /// O, output channels.
  public let outputs: Int
  /// KH and KW.
  public let kernel: Pair
  /// Output pixels from the patch of an input pixel to the next.
  public let stride: Pair
  /// Pixels cut off around the output.
  public let padding: Pair
  /// Whether a bias is added.
  public let bias: Bool
  /// Applied to the result; anything but the identity is for inference alone.
  public let activation: Activation
  /// How the weight starts; uniform numbers, as in PyTorch, without one.
  public let start: Initializer?

  /// A transposed convolution to `outputs` channels.
  public init(
    outputs: Int, kernel: Pair, stride: Pair, padding: Pair = 0, bias: Bool = true,
    activation: Activation = .identity, start: Initializer? = nil
  ) {
    self.outputs = outputs
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.bias = bias
    self.activation = activation
    self.start = start
  }

  /// `conv_transpose2d`
  public var label: String { "conv_transpose2d" }
  /// The weight is `[I, O, KH, KW]`.
  public var outputAxis: Int { 1 }
  /// The inputs, for the gradient of the weight.
  public var backwardReads: BackwardReads { .inputs }

  /// The same layer with a bias and this activation.
  public func withBias(activation: Activation) -> any FoldableOperator {
    TransposedConvolution(
      outputs: outputs, kernel: kernel, stride: stride, padding: padding, bias: true, activation: activation,
      start: start)
  }

  /// The same layer with this activation.
  public func with(activation: Activation) -> any FoldableOperator {
    TransposedConvolution(
      outputs: outputs, kernel: kernel, stride: stride, padding: padding, bias: bias, activation: activation,
      start: start)
  }

  /// `[N, OH, OW, O]` with `OH = (H - 1) s - 2p + KH`, and OW alike.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    for (name, value, least) in [
      ("outputs", outputs, 1), ("kernel", min(kernel.height, kernel.width), 1),
      ("stride", min(stride.height, stride.width), 1), ("padding", min(padding.height, padding.width), 0),
    ] where value < least {
      throw .setting(operator: label, name: name, expected: "of \(least) or more", found: value)
    }
    let size = outputSize(of: inputs[0])
    guard size.height > 0, size.width > 0 else {
      throw .windowTooLarge(
        operator: label, window: Pair(2 * padding.height + 1, 2 * padding.width + 1),
        padded: Pair(size.height + 2 * padding.height, size.width + 2 * padding.width))
    }
    return [
      Shape(batch: inputs[0].batch, height: size.height, width: size.width, channels: outputs)
    ]
  }

  private func outputSize(of input: Shape) -> Pair {
    Pair(
      (input.height - 1) * stride.height - 2 * padding.height + kernel.height,
      (input.width - 1) * stride.width - 2 * padding.width + kernel.width)
  }

  /// `weight` and `bias`, uniform within `1 / √(O · KH · KW)` as PyTorch starts them, unless the weight has a `start`.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    let bound = 1 / Float(outputs * kernel.height * kernel.width).squareRoot()
    let weight = ParameterSpec(
      "weight", [inputs[0].channels, outputs, kernel.height, kernel.width],
      start ?? .uniform(bound: bound), decays: true)
    return bias ? [weight, ParameterSpec("bias", [outputs], .uniform(bound: bound))] : [weight]
  }

  /// One for each tap, output channel and input element.
  public func macs(for inputs: [Shape]) -> Int {
    inputs[0].count * outputs * kernel.height * kernel.width
  }

  /// Each output sees the input pixels whose patches cover it.
  public func window(for inputs: [Shape]) -> Window? {
    Window(spreading: kernel, stride: stride, padding: padding)
  }

  /// The sizes of the convolution whose input gradient this is.
  private func geometry(for input: Shape) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: input.batch, input: outputSize(of: input), inputChannels: outputs,
      output: Pair(input.height, input.width), outputChannels: input.channels, kernel: kernel,
      stride: stride, padding: padding, dilation: 1, groups: 1)
  }

  /// Forward scatters; backward is a plain convolution.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    let geometry = geometry(for: inputs[0])
    return switch direction {
    case .forward: ConvolutionEngine.transposed(geometry, activation)
    case .backward: ConvolutionEngine.forward(geometry, .identity)
    }
  }

  /// What the engine offers for this geometry.
  public func weightGradients(for inputs: [Shape]) -> [any WeightGradientAlgorithm] {
    ConvolutionEngine.weightGradient(geometry(for: inputs[0]))
  }

  /// Scratch memory of the gradient of the bias.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    guard direction == .backward, bias else { return 0 }
    let geometry = geometry(for: inputs[0])
    return ChannelSums.workspace(
      for: Shape(
        batch: geometry.batch, height: geometry.input.height, width: geometry.input.width, channels: outputs))
  }

  /// Enlarges.
  public func forward(_ pass: ForwardPass) { runLinear(pass) }

  /// Writes the gradients of the input, the weight and the bias.
  public func backward(_ pass: BackwardPass) {
    precondition(activation == .identity, "a layer with a fused activation is for inference")
    guard let gradient = pass.outputGradients[0] else { return }
    if let weight = pass.parameterGradients[0] {
      // Input and output change places: this layer's output is what the convolution reads.
      weightGradient(of: pass).run(
        input: gradient, outputGradient: pass.inputs[0], into: weight, workspace: pass.workspace,
        pool: pass.pool)
    }
    runLinearBackward(pass)
  }
}
