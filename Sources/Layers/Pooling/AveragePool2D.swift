import TensorCore

/// The mean of every window, as PyTorch's `AvgPool2d`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`.
public struct AveragePool2D: Operator {
  let geometry: PoolingGeometry

  /// Rows and columns of a window, each 1 to 65536.
  public var kernel: Pair { geometry.kernel }
  /// Pixels from a window to the next, each 1 to 65536.
  public var stride: Pair { geometry.stride }
  /// Zeros that the first window reaches beyond the border, at most half of a kernel.
  public var padding: Pair { geometry.padding }
  /// Whether the zeros of the padding count in the mean.
  public let countIncludePad: Bool

  /// An average pooling; windows do not overlap unless there is a `stride`.
  public init(kernel: Pair, stride: Pair? = nil, padding: Pair = 0, countIncludePad: Bool = true) {
    geometry = PoolingGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
    self.countIncludePad = countIncludePad
  }

  /// `average_pool2d`.
  public var label: String { "average_pool2d" }

  /// The window of the settings.
  public func window(for inputs: [Shape]) -> Window? { geometry.window }

  /// `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, large enough, and all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    let size = try geometry.outputSize(of: inputs[0], label)
    return [inputs[0].with(height: size.height, width: size.width)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Adds up every window from its top left to its bottom right, and divides.
  public func forward(_ pass: ForwardPass) {
    averaging(of: pass.inputs[0].shape).forward(pass.inputs[0], to: pass.outputs[0], pool: pass.pool)
  }

  /// Adds to every pixel its share of the windows over it, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    averaging(of: target.shape).backward(gradient, to: target, pool: pass.pool)
  }

  private func averaging(of input: Shape) -> Averaging<PoolingAxis> {
    Averaging(
      rows: geometry.rows(of: input), columns: geometry.columns(of: input),
      area: countIncludePad ? kernel.height * kernel.width : nil)
  }
}

extension PoolingAxis: AveragingAxis {
  /// The pixels of a window without dilation.
  @inline(__always)
  func pixels(_ window: Int) -> Range<Int> {
    let (taps, start) = (taps(window), input(window, 0))
    return start + taps.lowerBound..<start + taps.upperBound
  }
}
