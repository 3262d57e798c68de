import TensorCore

/// Cuts rows at the bottom and columns at the right, down to the height and width of a reference.
///
/// Inputs `[N, H, W, C]` and a reference, of which only the shape matters: `[N, H', W', C]` come out.
public struct Crop2D: Operator {
  /// A crop to the size of the second input.
  public init() {}

  /// `crop2d`.
  public var label: String { "crop2d" }

  /// The first input.
  public func sees(input: Int) -> Bool { input == 0 }

  /// The first shape with the height and width of the second.
  ///
  /// - Throws: `LayerError` unless there are two inputs, the first at least as large as the second.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 2)
    let (height, width) = (inputs[1].height, inputs[1].width)
    if inputs[0].height < height || inputs[0].width < width {
      throw .windowTooLarge(
        operator: label, window: Pair(height, width), padded: Pair(inputs[0].height, inputs[0].width))
    }
    return [inputs[0].with(height: height, width: width)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether both sizes are equal.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    inputs[0].height == inputs[1].height && inputs[0].width == inputs[1].width
  }

  /// Copies the part that stays.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let (width, channels) = (output.shape.width, output.channels)
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      ChannelLoops.copyRow(
        input.pixel(image, row, 0), stride: input.pixelStride, to: output.pixel(image, row, 0),
        stride: output.pixelStride, width: width, channels: channels)
    }
  }

  /// Copies the gradient and writes zeros in the part that was cut; the reference's gradient is 0.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    pass.inputGradients[1]?.fillZero(pool: pass.pool)
    guard let target = pass.inputGradients[0] else { return }
    let (height, width) = (gradient.shape.height, gradient.shape.width)
    let (fullWidth, channels) = (target.shape.width, target.channels)
    pass.pool.forEachImageRow(of: target.shape) { image, row in
      let line = target.pixel(image, row, 0)
      let kept = row < height ? width : 0
      if kept > 0 {
        ChannelLoops.copyRow(
          gradient.pixel(image, row, 0), stride: gradient.pixelStride, to: line, stride: target.pixelStride,
          width: kept, channels: channels)
      }
      for x in kept..<fullWidth { ChannelLoops.zero(line + x &* target.pixelStride, channels) }
    }
  }
}
