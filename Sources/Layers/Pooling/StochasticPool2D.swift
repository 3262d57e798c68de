import TensorCore

/// Stochastic pooling (Zeiler and Fergus 2013, arXiv:1301.3557): in training one pixel of every window, drawn with a
/// probability in proportion to its value; in inference the mean weighted by these probabilities, `Σ x² / Σ x`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`. Values below 0 count as 0, and a window without any above 0 gives 0. Which
/// pixel is drawn is a hash of the pass's seed and of the output's place; forward keeps it for backward.
public struct StochasticPool2D: Operator {
  let geometry: PoolingGeometry

  /// Rows and columns of a window, each 1 to 65536.
  public var kernel: Pair { geometry.kernel }
  /// Pixels from a window to the next, each 1 to 65536.
  public var stride: Pair { geometry.stride }

  /// A stochastic pooling; windows do not overlap unless there is a `stride`.
  public init(kernel: Pair, stride: Pair? = nil) {
    geometry = PoolingGeometry(kernel: kernel, stride: stride ?? kernel, padding: 0)
  }

  /// `stochastic_pool2d`.
  public var label: String { "stochastic_pool2d" }

  /// The window of the settings.
  public func window(for inputs: [Shape]) -> Window? { geometry.window }

  /// `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, large enough, and all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    return [try PoolingIndices.shape(of: inputs[0], geometry, label)]
  }

  /// Nothing but the gradient: what was drawn is saved.
  public var backwardReads: BackwardReads { [] }

  /// The pixel that was drawn for each output, as `MaxPool2D` names pixels.
  public func savedShapes(for inputs: [Shape]) -> [Shape] {
    let (rows, columns) = (geometry.rows(of: inputs[0]), geometry.columns(of: inputs[0]))
    return [inputs[0].with(height: rows.outputs, width: columns.outputs)]
  }

  /// Sums of one window for each thread, forward only.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    direction == .forward ? 2 * threads * inputs[0].channels : 0
  }

  /// Draws in training, and weighs in inference.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let rows = geometry.rows(of: input.shape)
    let columns = geometry.columns(of: input.shape)
    let (width, channels) = (output.shape.width, input.channels)
    var stream = RandomStream(keys: pass.seed)
    let key = stream.next()
    pass.pool.forEach(output.shape.batch * output.shape.height) { line, thread in
      let (image, row) = (line / output.shape.height, line % output.shape.height)
      let totals = pass.workspace + thread &* 2 &* channels
      for x in 0..<width {
        let place = line &* width &+ x
        let window = ValueWindow(
          plane: input.pixel(image, 0, 0), pixelStride: input.pixelStride, width: input.shape.width,
          rows: rows, columns: columns, row: row, column: x, channels: channels)
        if pass.mode == .training {
          window.draw(
            to: output.pixel(place), pass.saved[0].pixel(place), totals,
            key: key &+ UInt64(truncatingIfNeeded: place &* channels))
        } else {
          window.weigh(to: output.pixel(place), totals)
        }
      }
    }
  }

  /// Sends every gradient to the pixel that was drawn; where windows overlap, in their order.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    PoolingIndices.spread(gradient, pass.saved[0], to: target, geometry, .sum, pool: pass.pool)
  }
}

/// One window of an image, for all channels.
private struct ValueWindow {
  let plane: UnsafeMutablePointer<Float>
  let pixelStride: Int
  let width: Int
  let rows: PoolingAxis
  let columns: PoolingAxis
  let row: Int
  let column: Int
  let channels: Int

  /// The name of no pixel.
  private static let none = PoolingIndices.element(-1)

  /// Calls `body` with every pixel and its name, from the top left to the bottom right.
  @inline(__always)
  private func forEach(_ body: (_ pixel: UnsafeMutablePointer<Float>, _ name: Int) -> Void) {
    for tap in rows.taps(row) {
      let start = rows.input(row, tap) &* width
      for other in columns.taps(column) {
        let name = start &+ columns.input(column, other)
        body(plane + name &* pixelStride, name)
      }
    }
  }

  /// The value as a weight; NaN stays NaN.
  @inline(__always)
  private func weight(_ value: Float) -> Float { 0 > value ? 0 : value }

  /// Writes one value for each channel and the name of its pixel; `totals` has room for two sums a channel.
  func draw(
    to value: UnsafeMutablePointer<Float>, _ index: UnsafeMutablePointer<Float>,
    _ totals: UnsafeMutablePointer<Float>, key: UInt64
  ) {
    let (sum, bar) = (totals, totals + channels)
    ChannelLoops.zero(sum, channels)
    forEach { pixel, _ in for c in 0..<channels { sum[c] += weight(pixel[c]) } }
    for c in 0..<channels {
      var stream = RandomStream(seed: key &+ UInt64(c))
      bar[c] = stream.uniform() * sum[c]
      // Stays where nothing is drawn: 0 for a window of zeros, infinity or NaN for one that has them.
      value[c] = sum[c]
      index[c] = Self.none
    }
    ChannelLoops.zero(sum, channels)
    forEach { pixel, name in
      for c in 0..<channels {
        sum[c] += weight(pixel[c])
        if sum[c] > bar[c], index[c].bitPattern == Self.none.bitPattern {
          (value[c], index[c]) = (pixel[c], PoolingIndices.element(name))
        }
      }
    }
  }

  /// Writes the weighted mean of each channel.
  func weigh(to value: UnsafeMutablePointer<Float>, _ sum: UnsafeMutablePointer<Float>) {
    ChannelLoops.zero(sum, channels)
    ChannelLoops.zero(value, channels)
    forEach { pixel, _ in
      for c in 0..<channels {
        let weight = weight(pixel[c])
        sum[c] += weight
        value[c] += weight * weight
      }
    }
    for c in 0..<channels where sum[c] != 0 { value[c] /= sum[c] }
  }
}
