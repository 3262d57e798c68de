import TensorCore

/// Means over as many windows as the output has pixels, whatever the size of the image, as PyTorch's
/// `AdaptiveAvgPool2d`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`. Row `i` of the output is the mean of rows `⌊i · H / H'⌋` up to, without it,
/// `⌈(i + 1) · H / H'⌉`, and columns alike; windows overlap where the sizes do not divide.
public struct AdaptiveAveragePool2D: Operator {
  /// H' and W', each 1 to 65536.
  public let size: Pair

  /// A pooling to `size`.
  public init(to size: Pair) { self.size = size }

  /// `adaptive_average_pool2d`.
  public var label: String { "adaptive_average_pool2d" }

  /// `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, not empty, and the size is in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    let limit = 65536
    for side in [size.height, size.width] where !(1...limit).contains(side) {
      throw .setting(operator: label, name: "size", expected: "from 1 to \(limit)", found: side)
    }
    if inputs[0].height < 1 || inputs[0].width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(inputs[0].height, inputs[0].width))
    }
    return [inputs[0].with(height: size.height, width: size.width)]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether the image has that size already.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    inputs[0].height == size.height && inputs[0].width == size.width
  }

  /// Adds up every window from its top left to its bottom right, and divides.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let channels = input.channels
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let line = output.pixel(image, row, 0)
      let rows = Self.share(of: row, among: size.height, input.shape.height)
      for x in 0..<size.width {
        let pixel = line + x &* output.pixelStride
        let columns = Self.share(of: x, among: size.width, input.shape.width)
        ChannelLoops.zero(pixel, channels)
        for y in rows {
          let source = input.pixel(image, y, 0)
          for column in columns {
            ChannelLoops.add(source + column &* input.pixelStride, to: pixel, channels)
          }
        }
        ChannelLoops.divide(pixel, by: Float(rows.count * columns.count), channels)
      }
    }
  }

  /// Adds to every pixel its share of the windows over it, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let (height, width, channels) = (target.shape.height, target.shape.width, target.channels)
    pass.pool.forEachImageRow(of: target.shape) { image, row in
      let line = target.pixel(image, row, 0)
      for x in 0..<width {
        let pixel = line + x &* target.pixelStride
        ChannelLoops.zero(pixel, channels)
        for windowRow in Self.share(of: row, among: height, size.height) {
          let rows = Self.share(of: windowRow, among: size.height, height).count
          let source = gradient.pixel(image, windowRow, 0)
          for window in Self.share(of: x, among: width, size.width) {
            let columns = Self.share(of: window, among: size.width, width).count
            ChannelLoops.add(
              source + window &* gradient.pixelStride, by: 1 / Float(rows * columns), to: pixel, channels)
          }
        }
      }
    }
  }

  /// The places of an axis of `length` that lie under place `index` of an axis of `count` stretched over it.
  ///
  /// Turned round it is its own inverse: the windows over a pixel are found as the pixels of a window are.
  @inline(__always)
  private static func share(of index: Int, among count: Int, _ length: Int) -> Range<Int> {
    index * length / count..<((index + 1) * length + count - 1) / count
  }
}
