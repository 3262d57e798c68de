import TensorCore

/// Where the windows of a mean lie along one axis: each on successive pixels.
protocol AveragingAxis {
  /// Windows.
  var outputs: Int { get }
  /// The pixels of a window.
  func pixels(_ window: Int) -> Range<Int>
  /// The windows over a pixel.
  func windows(over pixel: Int) -> Range<Int>
}

/// Means of windows, and the gradient that each pixel gets of them.
struct Averaging<Axis: AveragingAxis> {
  let rows: Axis
  let columns: Axis
  /// Pixels that count in a mean instead of those that lie in the image; `nil` where those count.
  var area: Int?

  /// Adds up every window from its top left to its bottom right, and divides.
  func forward(_ input: TensorView, to output: TensorView, pool: ThreadPool) {
    let channels = input.channels
    pool.forEachImageRow(of: output.shape) { image, row in
      let line = output.pixel(image, row, 0)
      let vertical = rows.pixels(row)
      for x in 0..<columns.outputs {
        let pixel = line + x &* output.pixelStride
        let horizontal = columns.pixels(x)
        ChannelLoops.zero(pixel, channels)
        for y in vertical {
          let source = input.pixel(image, y, 0)
          for place in horizontal {
            ChannelLoops.add(source + place &* input.pixelStride, to: pixel, channels)
          }
        }
        ChannelLoops.divide(pixel, by: divisor(vertical.count, horizontal.count), channels)
      }
    }
  }

  /// Adds to every pixel its share of the windows over it, in their order.
  func backward(_ gradient: TensorView, to target: TensorView, pool: ThreadPool) {
    let (width, channels) = (target.shape.width, target.channels)
    pool.forEachImageRow(of: target.shape) { image, row in
      let line = target.pixel(image, row, 0)
      for x in 0..<width {
        let pixel = line + x &* target.pixelStride
        ChannelLoops.zero(pixel, channels)
        for windowRow in rows.windows(over: row) {
          let source = gradient.pixel(image, windowRow, 0)
          let height = rows.pixels(windowRow).count
          for window in columns.windows(over: x) {
            ChannelLoops.add(
              source + window &* gradient.pixelStride, by: 1 / divisor(height, columns.pixels(window).count),
              to: pixel, channels)
          }
        }
      }
    }
  }

  @inline(__always)
  private func divisor(_ rows: Int, _ columns: Int) -> Float { Float(area ?? rows * columns) }
}
