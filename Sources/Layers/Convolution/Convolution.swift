import TensorCore

/// Convolution, or cross-correlation as PyTorch's `Conv2d` has it:
/// `y[n, oy, ox, o] = b[o] + Σ w[o, i, ky, kx] · x[n, oy·s - p + ky·d, ox·s - p + kx·d, i]`.
///
/// Parameters: `weight` `[O, I / groups, KH, KW]` and, if there is one, `bias` `[O]`.
public struct Convolution: FoldableOperator {
  /// O, output channels.
  public let outputs: Int
  /// KH and KW.
  public let kernel: Pair
  /// Input pixels from an output to the next.
  public let stride: Pair
  /// Zeros around the input, in pixels.
  public let padding: Pair
  /// Input pixels from one tap of the kernel to the next.
  public let dilation: Pair
  /// Independent slices of the channels.
  public let groups: Int
  /// Whether a bias is added.
  public let bias: Bool
  /// Whether a second input, of the output's shape, is added to the sums before the activation; for inference alone.
  public let takesAddend: Bool
  /// Applied to the result; anything but the identity is for inference alone.
  public let activation: Activation
  /// How the weight starts; He's normal numbers for ReLU without one.
  public let start: Initializer?

  /// A convolution to `outputs` channels.
  public init(
    outputs: Int, kernel: Pair, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1, groups: Int = 1,
    bias: Bool = true, takesAddend: Bool = false, activation: Activation = .identity,
    start: Initializer? = nil
  ) {
    self.outputs = outputs
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.bias = bias
    self.takesAddend = takesAddend
    self.activation = activation
    self.start = start
  }

  /// `conv2d`
  public var label: String { "conv2d" }
  /// The weight is `[O, I, KH, KW]`.
  public var outputAxis: Int { 0 }
  /// The inputs, for the gradient of the weight.
  public var backwardReads: BackwardReads { .inputs }

  /// The same layer with a bias and this activation.
  public func withBias(activation: Activation) -> any FoldableOperator {
    copy(bias: true, activation: activation)
  }

  /// The same layer with this activation.
  public func with(activation: Activation) -> any FoldableOperator {
    copy(bias: bias, activation: activation)
  }

  /// The same layer with a second input that is added, and this activation behind.
  public func withAddend(activation: Activation) -> Convolution {
    copy(bias: bias, takesAddend: true, activation: activation)
  }

  private func copy(bias: Bool, takesAddend: Bool = false, activation: Activation) -> Convolution {
    Convolution(
      outputs: outputs, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups,
      bias: bias, takesAddend: takesAddend, activation: activation, start: start)
  }

  /// `[N, OH, OW, O]` with `OH = (H + 2p - d(KH - 1) - 1) / s + 1`, and OW alike.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: takesAddend ? 2 : 1)
    try expectSettings()
    let input = inputs[0]
    guard input.channels % groups == 0, outputs % groups == 0 else {
      throw .groups(
        operator: label, channels: input.channels % groups == 0 ? outputs : input.channels, groups: groups)
    }
    let window = Pair(
      dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1)
    let padded = Pair(input.height + 2 * padding.height, input.width + 2 * padding.width)
    guard window.height <= padded.height, window.width <= padded.width else {
      throw .windowTooLarge(operator: label, window: window, padded: padded)
    }
    let output = Shape(
      batch: input.batch, height: (padded.height - window.height) / stride.height + 1,
      width: (padded.width - window.width) / stride.width + 1, channels: outputs)
    if takesAddend && inputs[1] != output {
      throw .shapesDiffer(operator: label, expected: output, found: inputs[1])
    }
    return [output]
  }

  private func expectSettings() throws(LayerError) {
    for (name, value, least) in [
      ("outputs", outputs, 1), ("kernel", min(kernel.height, kernel.width), 1),
      ("stride", min(stride.height, stride.width), 1), ("padding", min(padding.height, padding.width), 0),
      ("dilation", min(dilation.height, dilation.width), 1), ("groups", groups, 1),
    ] where value < least {
      throw .setting(operator: label, name: name, expected: "of \(least) or more", found: value)
    }
  }

  /// `weight`, started by `start` or as PyTorch's convolutions usually are for ReLU (He), and `bias`, started at 0.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    let inputsOfGroup = inputs[0].channels / groups
    let weight = ParameterSpec(
      "weight", [outputs, inputsOfGroup, kernel.height, kernel.width],
      start ?? .heNormal(fanIn: inputsOfGroup * kernel.height * kernel.width), decays: true)
    return bias ? [weight, ParameterSpec("bias", [outputs], .constant(0))] : [weight]
  }

  /// One for each tap, input channel of the group, and output element.
  public func macs(for inputs: [Shape]) -> Int { geometry(for: inputs[0]).macs }

  /// The dilated kernel.
  public func window(for inputs: [Shape]) -> Window? {
    Window(
      extent: Pair(dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1),
      stride: stride, padding: padding)
  }

  /// The sizes of this convolution on an input that it takes.
  func geometry(for input: Shape) -> ConvolutionGeometry {
    let height = (input.height + 2 * padding.height - dilation.height * (kernel.height - 1) - 1)
    let width = (input.width + 2 * padding.width - dilation.width * (kernel.width - 1) - 1)
    return ConvolutionGeometry(
      batch: input.batch, input: Pair(input.height, input.width), inputChannels: input.channels,
      output: Pair(height / stride.height + 1, width / stride.width + 1), outputChannels: outputs,
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// What the engine offers for this geometry.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    let geometry = geometry(for: inputs[0])
    return switch direction {
    case .forward: ConvolutionEngine.forward(geometry, activation)
    case .backward: ConvolutionEngine.inputGradient(geometry)
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
        batch: geometry.batch, height: geometry.output.height, width: geometry.output.width, channels: outputs
      ))
  }

  /// Convolves.
  public func forward(_ pass: ForwardPass) {
    runLinear(pass)
  }

  /// Writes the gradients of the input, the weight and the bias.
  public func backward(_ pass: BackwardPass) {
    precondition(
      activation == .identity && !takesAddend, "a convolution with a fused activation or sum is for inference"
    )
    guard let gradient = pass.outputGradients[0] else { return }
    if let weight = pass.parameterGradients[0] {
      weightGradient(of: pass).run(
        input: pass.inputs[0], outputGradient: gradient, into: weight, workspace: pass.workspace,
        pool: pass.pool)
    }
    runLinearBackward(pass)
  }
}
