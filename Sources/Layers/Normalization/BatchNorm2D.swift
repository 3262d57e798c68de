import TensorCore

/// Batch normalisation over N, H and W, with an affine map for each channel (Ioffe and Szegedy 2015,
/// arXiv:1502.03167), and fused behind it a sum with a second input, as at the end of a residual block, and an
/// activation.
///
/// Parameters are `weight`, `bias`, `running_mean` and `running_var`, each `[C]`. In training the statistics
/// are those of the batch, and the running ones move towards them, the variance without bias, as PyTorch's
/// do; in inference the running ones are used. With a single value for each channel, where PyTorch refuses,
/// the output is the bias and the running variance moves towards 0.
public struct BatchNorm2D: Operator {
  /// What is added to the variance before the root is taken.
  public let epsilon: Float
  /// How far running statistics move towards those of a batch, in `0...1`.
  public let momentum: Float
  /// Whether a second input, of the same shape, is added to what the affine map gives.
  public let takesAddend: Bool
  /// What follows the affine map and the sum.
  public let activation: Activation

  /// A batch norm with PyTorch's defaults.
  public init(
    epsilon: Float = 1e-5, momentum: Float = 0.1, takesAddend: Bool = false,
    activation: Activation = .identity
  ) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.takesAddend = takesAddend
    self.activation = activation
  }

  /// The same batch norm with this activation behind.
  public func with(activation: Activation) -> BatchNorm2D {
    BatchNorm2D(epsilon: epsilon, momentum: momentum, takesAddend: takesAddend, activation: activation)
  }

  /// The same batch norm with another share of each batch in the running statistics.
  public func with(momentum: Float) -> BatchNorm2D {
    BatchNorm2D(epsilon: epsilon, momentum: momentum, takesAddend: takesAddend, activation: activation)
  }

  /// The same batch norm with a second input that is added, and this activation behind.
  public func withAddend(activation: Activation) -> BatchNorm2D {
    BatchNorm2D(epsilon: epsilon, momentum: momentum, takesAddend: true, activation: activation)
  }

  /// `batch_norm2d`.
  public var label: String { "batch_norm2d" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1, or 2 with an addend, for an addend of another shape,
  ///   or an activation with a negative slope or alpha.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: takesAddend ? 2 : 1)
    try activation.check(in: label)
    for input in inputs where input != inputs[0] {
      throw .shapesDiffer(operator: label, expected: inputs[0], found: input)
    }
    return [inputs[0]]
  }

  /// Weight, bias, and the running mean and variance, which no optimiser changes.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    let shape: Shape = [inputs[0].channels]
    return [
      ParameterSpec("weight", shape, .constant(1)),
      ParameterSpec("bias", shape, .constant(0)),
      ParameterSpec("running_mean", shape, .constant(0), isTrained: false),
      ParameterSpec("running_var", shape, .constant(1), isTrained: false),
    ]
  }

  /// The inputs; the outputs too behind an activation other than ReLU, whose gate is cheaper found again unless something
  /// was added before it.
  public var backwardReads: BackwardReads {
    let needsOutput = takesAddend ? activation != .identity : !clamps
    return needsOutput ? [.inputs, .outputs] : .inputs
  }

  /// The addend is not read.
  public func backwardReads(input: Int) -> Bool { input == 0 }

  /// As the kernel does; the gradient of an addend is a copy.
  public func accumulates(input: Int) -> Bool { input == 0 }

  /// The mean and `1 / deviation` of each channel.
  public func savedShapes(for inputs: [Shape]) -> [Shape] {
    let shape: Shape = [1, 1, 1, inputs[0].channels]
    return [shape, shape]
  }

  /// Two or three partial sums for each chunk and channel, coefficients for each channel, and backward behind
  /// an activation or a sum a chunk of gradients for each thread.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    let chunks = PixelChunks(inputs[0])
    let channels = inputs[0].channels
    let sums =
      switch direction {
      case .forward: (3 * chunks.count + 1) * channels
      case .backward: (2 * chunks.count + 3) * channels
      }
    let gradients =
      direction == .backward && !findsGate ? threads * min(chunks.size, chunks.pixels) * channels : 0
    return sums + gradients
  }

  /// Whether the kernels of the backward run find the gate of the activation again from the input.
  var findsGate: Bool { clamps && !takesAddend }
  /// Whether identity or ReLU follows: the map is then clamped below by `lowest`, and nothing else happens.
  var clamps: Bool { activation == .identity || activation == .relu }
  /// The least output of the clamped map.
  var lowest: Float { activation == .relu ? 0 : -.infinity }
}
