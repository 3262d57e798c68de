import TensorCore

/// Resizes height and width, as PyTorch's `F.interpolate`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`. With the size of a reference, that is the second input, of which
/// only the shape matters.
public struct Resize2D: Operator {
  /// How a pixel between others is computed.
  public enum Method: Hashable, Sendable {
    /// The pixel at `⌊i · H / H'⌋`.
    case nearest
    /// The weighted mean of the four around `(i + ½) · H / H' - ½`.
    case bilinear
  }

  /// How large the output is.
  public enum Size: Hashable, Sendable {
    /// Whole multiples of the input, each 1 to 65536.
    case factor(Pair)
    /// So many rows and columns, each 1 to 65536.
    case fixed(Pair)
    /// The height and width of the second input.
    case reference
  }

  /// How large the output is.
  public let size: Size
  /// How a pixel between others is computed.
  public let method: Method
  /// Whether the centres of the corner pixels stay (place `i · (H - 1) / (H' - 1)`) instead of the borders of
  /// the image; `nearest` takes no notice.
  public let alignCorners: Bool

  /// A resize.
  public init(_ size: Size, _ method: Method, alignCorners: Bool = false) {
    self.size = size
    self.method = method
    self.alignCorners = alignCorners
  }

  /// `resize2d`.
  public var label: String { "resize2d" }

  /// The pixel of `nearest`, the two of `bilinear` along each axis.
  public func window(for inputs: [Shape]) -> Window? {
    guard let output = try? outputShapes(for: inputs).first else { return nil }
    return Window(
      ResizeAxis.window(method, from: inputs[0].height, to: output.height, alignCorners: alignCorners),
      ResizeAxis.window(method, from: inputs[0].width, to: output.width, alignCorners: alignCorners))
  }

  /// The first input.
  public func sees(input: Int) -> Bool { input == 0 }

  /// The resized shape.
  ///
  /// - Throws: `LayerError` for another number of inputs, an empty image, or a size out of range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: size == .reference ? 2 : 1)
    let input = inputs[0]
    if input.height < 1 || input.width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(input.height, input.width))
    }
    switch size {
    case .factor(let factor):
      try expect(factor, "factor")
      return [input.with(height: input.height * factor.height, width: input.width * factor.width)]
    case .fixed(let size):
      try expect(size, "size")
      return [input.with(height: size.height, width: size.width)]
    case .reference:
      let reference = inputs[1]
      if reference.height < 1 || reference.width < 1 {
        throw .windowTooLarge(operator: label, window: 1, padded: Pair(reference.height, reference.width))
      }
      return [input.with(height: reference.height, width: reference.width)]
    }
  }

  /// Nothing but the gradient.
  public var backwardReads: BackwardReads { [] }

  /// Whether the size stays.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool {
    switch size {
    case .factor(let factor): factor == 1
    case .fixed(let size): size == Pair(inputs[0].height, inputs[0].width)
    case .reference: inputs[0].height == inputs[1].height && inputs[0].width == inputs[1].width
    }
  }

  /// Computes every pixel from the one or four that it lies between.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let (rows, columns) = axes(from: input.shape, to: output.shape)
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let target = output.pixel(image, row, 0)
      let upper = input.pixel(image, rows.lower[row], 0)
      switch method {
      case .nearest:
        nearest(upper, input.pixelStride, columns, to: target, output.pixelStride, output.channels)
      case .bilinear:
        let lower = input.pixel(image, rows.upper[row], 0)
        bilinear(
          upper, lower, rows.fractions[row], input.pixelStride, columns, to: target, output.pixelStride,
          output.channels)
      }
    }
  }

  /// Adds to every pixel its share of the gradients around it, in their order; the reference's gradient is 0.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    if size == .reference { pass.inputGradients[1]?.fillZero(pool: pass.pool) }
    guard let target = pass.inputGradients[0] else { return }
    let (rows, columns) = axes(from: target.shape, to: gradient.shape)
    AxisGather.run(
      rows: rows.transposed, columns: columns.transposed, from: gradient, to: target, pool: pass.pool)
  }

  private func axes(from input: Shape, to output: Shape) -> (rows: ResizeAxis, columns: ResizeAxis) {
    (
      ResizeAxis(method, from: input.height, to: output.height, alignCorners: alignCorners),
      ResizeAxis(method, from: input.width, to: output.width, alignCorners: alignCorners)
    )
  }

  private func expect(_ pair: Pair, _ name: String) throws(LayerError) {
    for side in [pair.height, pair.width] where !(1...65536).contains(side) {
      throw .setting(operator: label, name: name, expected: "from 1 to 65536", found: side)
    }
  }

  private func nearest(
    _ source: UnsafeMutablePointer<Float>, _ sourceStride: Int, _ columns: ResizeAxis,
    to target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ channels: Int
  ) {
    for x in columns.lower.indices {
      ChannelLoops.copy(
        source + columns.lower[x] &* sourceStride, to: target + x &* targetStride, channels)
    }
  }

  private func bilinear(
    _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>, _ down: Float,
    _ sourceStride: Int, _ columns: ResizeAxis, to target: UnsafeMutablePointer<Float>, _ targetStride: Int,
    _ channels: Int
  ) {
    let up = 1 - down
    for x in columns.lower.indices {
      let (left, right) = (columns.lower[x] &* sourceStride, columns.upper[x] &* sourceStride)
      let (toRight, toLeft) = (columns.fractions[x], 1 - columns.fractions[x])
      let (a, b, c, d) = (upper + left, upper + right, lower + left, lower + right)
      let pixel = target + x &* targetStride
      for i in 0..<channels {
        pixel[i] = up * (toLeft * a[i] + toRight * b[i]) + down * (toLeft * c[i] + toRight * d[i])
      }
    }
  }
}
