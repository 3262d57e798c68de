import TensorCore

/// Pads at the bottom and the right by reflection until height and width are multiples of a number, and not less
/// than another.
///
/// `[N, H, W, C]` gives `[N, ⌈max(H, l)/m⌉·m, ⌈max(W, l)/m⌉·m, C]`. The border itself is not repeated, as in PyTorch's
/// `reflect`; where the padding is longer than the image, the reflection goes back and forth, and an image of
/// one pixel is repeated.
public struct ReflectionPad2D: Operator {
  /// What height and width become multiples of; each 1 to 65536.
  public let multiple: Pair
  /// What height and width become at least; each 1 to 65536.
  public let least: Pair

  /// Padding to multiples of `multiple`, and to `least`.
  public init(multiple: Pair = 1, least: Pair = 1) {
    self.multiple = multiple
    self.least = least
  }

  /// `reflection_pad2d`.
  public var label: String { "reflection_pad2d" }

  /// The padded shape.
  ///
  /// - Throws: `LayerError` unless there is one input, not empty, and the settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    for (name, pair) in [("multiple", multiple), ("least size", least)] {
      for side in [pair.height, pair.width] where !(1...65536).contains(side) {
        throw .setting(operator: label, name: name, expected: "from 1 to 65536", found: side)
      }
    }
    let (height, width) = (inputs[0].height, inputs[0].width)
    if height < 1 || width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(height, width))
    }
    return [
      inputs[0].with(
        height: roundedUp(max(height, least.height), multiple.height),
        width: roundedUp(max(width, least.width), multiple.width))
    ]
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether height and width are large enough and multiples already.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    inputs[0].height % multiple.height == 0 && inputs[0].width % multiple.width == 0
      && inputs[0].height >= least.height && inputs[0].width >= least.width
  }

  /// Copies every pixel from the one it reflects.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let (inputWidth, channels) = (input.shape.width, input.channels)
    let rows = Self.origins(count: output.shape.height, extent: input.shape.height)
    let columns = Self.origins(count: output.shape.width, extent: inputWidth)
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let (source, target) = (input.pixel(image, rows[row], 0), output.pixel(image, row, 0))
      ChannelLoops.copyRow(
        source, stride: input.pixelStride, to: target, stride: output.pixelStride, width: inputWidth,
        channels: channels)
      for x in inputWidth..<columns.count {
        ChannelLoops.copy(
          source + columns[x] &* input.pixelStride, to: target + x &* output.pixelStride, channels)
      }
    }
  }

  /// Adds to every pixel the gradients of its reflections, from the top left to the bottom right.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let (height, width) = (target.shape.height, target.shape.width)
    AxisGather.run(
      rows: AxisGather(
        extent: height, origins: Self.origins(count: gradient.shape.height, extent: height)),
      columns: AxisGather(
        extent: width, origins: Self.origins(count: gradient.shape.width, extent: width)),
      from: gradient, to: target, pool: pass.pool)
  }

  /// For each of `count` indices, the index below `extent` that it reflects.
  static func origins(count: Int, extent: Int) -> [Int] {
    let period = max(1, 2 * (extent - 1))
    return (0..<count).map { index in
      let place = index % period
      return place < extent ? place : period - place
    }
  }

  private func roundedUp(_ value: Int, _ multiple: Int) -> Int {
    (value + multiple - 1) / multiple * multiple
  }
}
