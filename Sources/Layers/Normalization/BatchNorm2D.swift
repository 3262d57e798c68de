import TensorCore

/// Batch normalisation over N, H and W, with an affine map for each channel (Ioffe and Szegedy 2015,
/// arXiv:1502.03167), and an activation fused behind it.
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
  /// What follows the affine map.
  public let activation: Activation

  /// A batch norm with PyTorch's defaults.
  public init(epsilon: Float = 1e-5, momentum: Float = 0.1, activation: Activation = .identity) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.activation = activation
  }

  /// `batch_norm2d`.
  public var label: String { "batch_norm2d" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1, or an activation with a negative slope or
  ///   alpha.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    try activation.check(in: label)
    return inputs
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

  /// The inputs; the outputs too behind an activation other than ReLU, whose gate is cheaper found again.
  public var backwardReads: BackwardReads { clamps ? .inputs : [.inputs, .outputs] }

  /// As the kernel does.
  public func accumulates(input: Int) -> Bool { true }

  /// The mean and `1 / deviation` of each channel.
  public func savedShapes(for inputs: [Shape]) -> [Shape] {
    let shape: Shape = [1, 1, 1, inputs[0].channels]
    return [shape, shape]
  }

  /// Two or three partial sums for each chunk and channel, coefficients for each channel, and backward behind
  /// an activation a chunk of gradients for each thread.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    let chunks = PixelChunks(inputs[0])
    let channels = inputs[0].channels
    let sums =
      switch direction {
      case .forward: (3 * chunks.count + 1) * channels
      case .backward: (2 * chunks.count + 3) * channels
      }
    let gradients =
      direction == .backward && !clamps ? threads * min(chunks.size, chunks.pixels) * channels : 0
    return sums + gradients
  }

  /// Whether identity or ReLU follows: the map is then clamped below by `lowest`, and nothing else happens.
  var clamps: Bool { activation == .identity || activation == .relu }
  /// The least output of the clamped map.
  var lowest: Float { activation == .relu ? 0 : -.infinity }
}
