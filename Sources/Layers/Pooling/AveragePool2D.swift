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
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let rows = geometry.rows(of: input.shape)
    let columns = geometry.columns(of: input.shape)
    let channels = input.channels
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let line = output.pixel(image, row, 0)
      let vertical = rows.taps(row)
      for x in 0..<columns.outputs {
        let pixel = line + x &* output.pixelStride
        let horizontal = columns.taps(x)
        ChannelLoops.zero(pixel, channels)
        for tap in vertical {
          let source = input.pixel(image, rows.input(row, tap), 0)
          for other in horizontal {
            ChannelLoops.add(source + columns.input(x, other) &* input.pixelStride, to: pixel, channels)
          }
        }
        ChannelLoops.divide(pixel, by: divisor(vertical.count, horizontal.count), channels)
      }
    }
  }

  /// Adds to every pixel its share of the windows over it, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let rows = geometry.rows(of: target.shape)
    let columns = geometry.columns(of: target.shape)
    let (width, channels) = (target.shape.width, target.channels)
    pass.pool.forEachImageRow(of: target.shape) { image, row in
      let line = target.pixel(image, row, 0)
      for x in 0..<width {
        let pixel = line + x &* target.pixelStride
        ChannelLoops.zero(pixel, channels)
        for windowRow in rows.windows(over: row) {
          let source = gradient.pixel(image, windowRow, 0)
          let height = rows.taps(windowRow).count
          for window in columns.windows(over: x) {
            ChannelLoops.add(
              source + window &* gradient.pixelStride, by: 1 / divisor(height, columns.taps(window).count),
              to: pixel, channels)
          }
        }
      }
    }
  }

  /// What the sum of a window is divided by, given how much of it lies in the image.
  @inline(__always)
  private func divisor(_ rows: Int, _ columns: Int) -> Float {
    Float(countIncludePad ? kernel.height * kernel.width : rows * columns)
  }
}
