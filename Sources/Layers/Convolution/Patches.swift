import TensorCore

/// Gathers patches of an activation into rows of a matrix ("im2col"; Chellapilla et al. 2006, "High performance
/// convolutional neural networks for document processing"), channels innermost.
struct Patches {
  let geometry: ConvolutionGeometry

  /// Writes, for each output pixel in `pixels`, the taps `taps` (counted row by row over the kernel) of the input
  /// channels `channels` to one row of `rows`; zero where a tap falls outside. Rows begin `step` elements apart, or
  /// lie one behind the other without it.
  func gather(
    _ input: TensorView, pixels: Range<Int>, taps: Range<Int>, channels: Range<Int>,
    into rows: UnsafeMutablePointer<Float>, step: Int? = nil
  ) {
    let g = geometry
    let width = channels.count
    let whole =
      taps.count == g.taps && g.dilation.width == 1 && width == input.channels && input.isContiguous
    let gap = step.map { $0 - taps.count * width } ?? 0
    var target = rows
    var column = pixels.lowerBound % g.output.width
    var row = pixels.lowerBound / g.output.width % g.output.height
    var image = pixels.lowerBound / (g.output.width * g.output.height)
    for _ in pixels {
      let top = row * g.stride.height - g.padding.height
      let left = column * g.stride.width - g.padding.width
      if whole && left >= 0 && left + g.kernel.width <= g.input.width {
        gatherRuns(input, image, top, left, width, &target)
      } else {
        for tap in taps {
          let y = top + tap / g.kernel.width * g.dilation.height
          let x = left + tap % g.kernel.width * g.dilation.width
          if y >= 0 && y < g.input.height && x >= 0 && x < g.input.width {
            target.update(from: input.pixel(image, y, x) + channels.lowerBound, count: width)
          } else {
            target.update(repeating: 0, count: width)
          }
          target += width
        }
      }
      target += gap
      column += 1
      if column == g.output.width {
        column = 0
        row += 1
        if row == g.output.height {
          row = 0
          image += 1
        }
      }
    }
  }

  /// One run of KW pixels for each kernel row: neighbours in a row lie one behind the other.
  @inline(__always)
  private func gatherRuns(
    _ input: TensorView, _ image: Int, _ top: Int, _ left: Int, _ width: Int,
    _ target: inout UnsafeMutablePointer<Float>
  ) {
    let run = geometry.kernel.width * width
    for ky in 0..<geometry.kernel.height {
      let y = top + ky * geometry.dilation.height
      if y >= 0 && y < geometry.input.height {
        target.update(from: input.pixel(image, y, left), count: run)
      } else {
        target.update(repeating: 0, count: run)
      }
      target += run
    }
  }
}
