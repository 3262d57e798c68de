import TensorCore

/// A batch norm whose running statistics and affine map stay as they are, in training too: a fixed factor and offset
/// for each channel.
///
/// What a pretrained network is frozen with: statistics of small batches of other data would undo what it learned.
public struct FrozenBatchNorm2D: Operator {
  /// Added to the variance.
  public let epsilon: Float

  /// The frozen form of a batch norm.
  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  /// `frozen_batch_norm2d`.
  public var label: String { "frozen_batch_norm2d" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    return inputs
  }

  /// Those of `BatchNorm2D`, none of them trained.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    BatchNorm2D().parameterSpecs(for: inputs).map {
      ParameterSpec($0.name, $0.shape, $0.initializer, isTrained: false)
    }
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// A factor and an offset for each channel.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    2 * inputs[0].channels
  }

  /// Scales and shifts.
  public func forward(_ pass: ForwardPass) {
    let channels = pass.inputs[0].channels
    let (factor, offset) = (pass.workspace, pass.workspace + channels)
    for channel in 0..<channels {
      factor[channel] = scale(pass.parameters, channel)
      offset[channel] = pass.parameters[1][channel] - pass.parameters[2][channel] * factor[channel]
    }
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    pass.pool.forEachRun(input.shape, contiguous: false) { pixel, _ in
      let (from, to) = (input.pixel(pixel), output.pixel(pixel))
      for channel in 0..<channels { to[channel] = from[channel] * factor[channel] + offset[channel] }
    }
  }

  /// Scales the gradient.
  public func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    guard let gradient = pass.outputGradients[0] else { return pass.pool.clear(target) }
    let (factor, channels) = (pass.workspace, target.channels)
    for channel in 0..<channels { factor[channel] = scale(pass.parameters, channel) }
    pass.pool.forEachRun(target.shape, contiguous: false) { pixel, _ in
      let (from, to) = (gradient.pixel(pixel), target.pixel(pixel))
      for channel in 0..<channels { to[channel] = from[channel] * factor[channel] }
    }
  }

  /// `γ / √(σ² + ε)` of a channel.
  private func scale(_ parameters: [UnsafeMutablePointer<Float>], _ channel: Int) -> Float {
    parameters[0][channel] / (parameters[3][channel] + epsilon).squareRoot()
  }
}
