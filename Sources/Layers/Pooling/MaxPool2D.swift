import CKernels
import TensorCore

/// The largest value of every window, and where it was, as PyTorch's `MaxPool2d` with `return_indices`.
///
/// `[N, H, W, C]` gives values and indices, both `[N, H', W', C]`. An index is `row · W + column` in the
/// input plane, an `Int32` in the bits of an element. The first of equal values wins; padding never does; a
/// NaN beats everything.
public struct MaxPool2D: Operator {
  let geometry: PoolingGeometry

  /// Rows and columns of a window, each 1 to 65536.
  public var kernel: Pair { geometry.kernel }
  /// Pixels from a window to the next, each 1 to 65536.
  public var stride: Pair { geometry.stride }
  /// Pixels that the first window reaches beyond the border, at most half of the extent of a window.
  public var padding: Pair { geometry.padding }
  /// Pixels from a tap of a window to the next, each 1 to 65536.
  public var dilation: Pair { geometry.dilation }
  /// Whether a last window may reach beyond the padded image, as long as it starts inside of it.
  public var ceilMode: Bool { geometry.ceilMode }

  /// A max pooling; windows do not overlap unless there is a `stride`.
  public init(
    kernel: Pair, stride: Pair? = nil, padding: Pair = 0, dilation: Pair = 1, ceilMode: Bool = false
  ) {
    geometry = PoolingGeometry(
      kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  /// `max_pool2d`.
  public var label: String { "max_pool2d" }

  /// The window of the settings.
  public func window(for inputs: [Shape]) -> Window? { geometry.window }

  /// Values and indices, both `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, large enough, and all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    let shape = try PoolingIndices.shape(of: inputs[0], geometry, label)
    return [shape, shape]
  }

  /// The indices, which are an output.
  public var backwardReads: BackwardReads { .outputs }

  /// Writes values and indices.
  public func forward(_ pass: ForwardPass) {
    let (input, values, indices) = (pass.inputs[0], pass.outputs[0], pass.outputs[1])
    let rows = geometry.rows(of: input.shape)
    let columns = geometry.columns(of: input.shape)
    let (inputWidth, channels) = (input.shape.width, input.channels)
    pass.pool.forEachImageRow(of: values.shape) { image, row in
      let (valueLine, indexLine) = (values.pixel(image, row, 0), indices.pixel(image, row, 0))
      let plane = input.pixel(image, 0, 0)
      let vertical = rows.taps(row)
      for x in 0..<columns.outputs {
        var cells = MaxCells(
          value: valueLine + x &* values.pixelStride, index: indexLine + x &* indices.pixelStride,
          channels: channels)
        let horizontal = columns.taps(x)
        for tap in vertical {
          let start = rows.input(row, tap) &* inputWidth
          for other in horizontal {
            let name = start &+ columns.input(x, other)
            cells.take(plane + name &* input.pixelStride, PoolingIndices.element(name))
          }
        }
        cells.finish()
      }
    }
  }

  /// Sends every gradient to the pixel that its index names; where windows overlap, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    PoolingIndices.spread(gradient, pass.outputs[1], to: target, geometry, .sum, pool: pass.pool)
  }
}

/// The running maximum of one window, for all channels.
///
/// Pixels are taken four at a time, so that a 2×2 window is one loop.
private struct MaxCells {
  private let value: UnsafeMutablePointer<Float>
  private let index: UnsafeMutablePointer<Float>
  private let channels: Int
  private var pixels: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
  private var names: (Float, Float, Float, Float) = (0, 0, 0, 0)
  private var held = 0
  private var proceeds = false

  init(value: UnsafeMutablePointer<Float>, index: UnsafeMutablePointer<Float>, channels: Int) {
    (self.value, self.index, self.channels) = (value, index, channels)
    let nothing = UnsafePointer(value)
    pixels = (nothing, nothing, nothing, nothing)
  }

  /// Takes the pixel called `name`.
  @inline(__always)
  mutating func take(_ pixel: UnsafeMutablePointer<Float>, _ name: Float) {
    let pixel = UnsafePointer(pixel)
    switch held {
    // A pixel that comes twice changes nothing: places that stay empty hold the first.
    case 0: (pixels, names) = ((pixel, pixel, pixel, pixel), (name, name, name, name))
    case 1: (pixels.1, names.1) = (pixel, name)
    case 2: (pixels.2, names.2) = (pixel, name)
    default: (pixels.3, names.3) = (pixel, name)
    }
    held += 1
    if held == 4 { flush() }
  }

  /// Takes the pixels that are left over; a window that sees nothing gets -∞.
  @inline(__always)
  mutating func finish() {
    if held > 0 { flush() }
    if !proceeds {
      value.update(repeating: -.infinity, count: channels)
      index.update(repeating: PoolingIndices.element(0), count: channels)
    }
  }

  @inline(__always)
  private mutating func flush() {
    withUnsafePointer(to: pixels) { pixels in
      withUnsafePointer(to: names) { names in
        let pixels = UnsafeRawPointer(pixels).assumingMemoryBound(to: UnsafePointer<Float>?.self)
        let names = UnsafeRawPointer(names).assumingMemoryBound(to: Float.self)
        tsr_max_of_four(channels, pixels, names, proceeds ? 1 : 0, value, index)
      }
    }
    (held, proceeds) = (0, true)
  }
}
