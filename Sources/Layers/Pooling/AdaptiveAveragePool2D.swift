import TensorCore

/// The means of windows that share the image among a fixed number of outputs, as PyTorch's `AdaptiveAvgPool2d`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`. Window `i` reaches from `⌊i · H / H'⌋` to `⌈(i + 1) · H / H'⌉`; windows overlap
/// where `H'` does not divide `H`, and repeat pixels of an image that is smaller than the output.
public struct AdaptiveAveragePool2D: Operator {
  /// H' and W', each 1 to 65536.
  public let output: Pair

  /// A pooling to `output` rows and columns.
  public init(output: Pair) { self.output = output }

  /// `adaptive_average_pool2d`.
  public var label: String { "adaptive_average_pool2d" }

  /// A share of the image.
  public func window(for inputs: [Shape]) -> Window? {
    Window(
      AdaptiveAxis(inputs: inputs[0].height, outputs: output.height).window,
      AdaptiveAxis(inputs: inputs[0].width, outputs: output.width).window)
  }

  /// `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, not empty, and the output is in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    for side in [output.height, output.width] where !(1...65536).contains(side) {
      throw .setting(operator: label, name: "output", expected: "from 1 to 65536", found: side)
    }
    if inputs[0].height < 1 || inputs[0].width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(inputs[0].height, inputs[0].width))
    }
    return [inputs[0].with(height: output.height, width: output.width)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether the image has the output's size already.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    inputs[0].height == output.height && inputs[0].width == output.width
  }

  /// Adds up every window from its top left to its bottom right, and divides.
  public func forward(_ pass: ForwardPass) {
    averaging(of: pass.inputs[0].shape).forward(pass.inputs[0], to: pass.outputs[0], pool: pass.pool)
  }

  /// Adds to every pixel its share of the windows over it, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    averaging(of: target.shape).backward(gradient, to: target, pool: pass.pool)
  }

  private func averaging(of input: Shape) -> Averaging<AdaptiveAxis> {
    Averaging(
      rows: AdaptiveAxis(inputs: input.height, outputs: output.height),
      columns: AdaptiveAxis(inputs: input.width, outputs: output.width))
  }
}

/// The windows of an adaptive pooling along one axis.
private struct AdaptiveAxis: AveragingAxis {
  let inputs: Int
  let outputs: Int

  /// What windows see: output `o` all pixels whose share of the places touches `o · stride..<(o + 1) · stride`.
  var window: Window.Axis {
    Window.Axis(from: inputs, to: outputs) { stride, upsampling in 1 - upsampling...stride - 1 }
  }

  /// The pixels of a window.
  @inline(__always)
  func pixels(_ window: Int) -> Range<Int> {
    window &* inputs / outputs..<((window &+ 1) &* inputs &+ outputs &- 1) / outputs
  }

  /// The windows that hold a pixel: those that end behind it and start no later.
  @inline(__always)
  func windows(over pixel: Int) -> Range<Int> {
    pixel &* outputs / inputs..<((pixel &+ 1) &* outputs &+ inputs &- 1) / inputs
  }
}
