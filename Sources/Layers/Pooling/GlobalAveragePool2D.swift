import TensorCore

/// The mean of every channel over the image: `[N, H, W, C]` to `[N, 1, 1, C]`.
public struct GlobalAveragePool2D: Operator {
  /// Pixels of a partial sum. They run in parallel, and two levels of sums round off less than one.
  private static let block = 512

  /// A mean over the image.
  public init() {}

  /// `global_average_pool2d`.
  public var label: String { "global_average_pool2d" }

  /// The whole image.
  public func window(for inputs: [Shape]) -> Window? { Window(whole: inputs[0]) }

  /// `[N, 1, 1, C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, not empty.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    if inputs[0].height < 1 || inputs[0].width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(inputs[0].height, inputs[0].width))
    }
    return [inputs[0].with(height: 1, width: 1)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether the image is one pixel.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    inputs[0].height == 1 && inputs[0].width == 1
  }

  /// One sum of all channels for each block of each image, forward only.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    direction == .forward ? inputs[0].batch * Self.blocks(inputs[0]) * inputs[0].channels : 0
  }

  /// Sums blocks of pixels, then their sums, in order.
  public func forward(_ pass: ForwardPass) {
    let (input, output, partial) = (pass.inputs[0], pass.outputs[0], pass.workspace)
    let (plane, channels) = (input.shape.height * input.shape.width, input.channels)
    let blocks = Self.blocks(input.shape)
    pass.pool.forEach(input.shape.batch * blocks) { index, _ in
      let (image, block) = (index / blocks, index % blocks)
      let sum = partial + index &* channels
      ChannelLoops.zero(sum, channels)
      for place in block * Self.block..<min(plane, (block + 1) * Self.block) {
        ChannelLoops.add(input.pixel(image &* plane &+ place), to: sum, channels)
      }
    }
    pass.pool.forEach(input.shape.batch) { image, _ in
      let mean = output.pixel(image)
      ChannelLoops.zero(mean, channels)
      for block in 0..<blocks {
        ChannelLoops.add(partial + (image &* blocks &+ block) &* channels, to: mean, channels)
      }
      ChannelLoops.divide(mean, by: Float(plane), channels)
    }
  }

  /// Gives every pixel its share.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let (width, channels) = (target.shape.width, target.channels)
    let share = 1 / Float(target.shape.height * width)
    pass.pool.forEachImageRow(of: target.shape) { image, row in
      let (source, line) = (gradient.pixel(image), target.pixel(image, row, 0))
      for x in 0..<width {
        ChannelLoops.scale(source, by: share, to: line + x &* target.pixelStride, channels)
      }
    }
  }

  private static func blocks(_ input: Shape) -> Int { (input.height * input.width + block - 1) / block }
}
