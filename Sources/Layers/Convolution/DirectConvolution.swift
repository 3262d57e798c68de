import CKernels
import TensorCore

/// Convolution by a register kernel on packed weights, reading the input where it lies instead of copying patches.
///
/// A task copies the rows that its band of output rows needs into scratch memory with the border in place, once, and
/// runs tiles of neighbouring outputs by panels of output channels over it. A panel's weights are read once for all
/// rows of the band.
package struct DirectConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias.
  let activation: Activation
  /// Whether the stored weight belongs to the convolution whose gradient this is, so that packing turns it.
  let isGradient: Bool

  private let kernel = tsr_direct_conv_shape()

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity, isGradient: Bool = false)
  {
    self.geometry = geometry
    self.activation = activation
    self.isGradient = isGradient
  }

  /// Whether the kernel exists on this processor and suits the geometry: a pointwise convolution is a plain matrix
  /// product, and groups make panels too narrow.
  package static func supports(_ geometry: ConvolutionGeometry) -> Bool {
    tsr_direct_conv_shape().panel > 0 && geometry.groups == 1 && !geometry.isPointwise
  }

  package var name: String { "direct" }
  package var products: Int { geometry.macs }
  package var packing: String { isGradient ? "direct-turned" : "direct" }
  package var packedCount: Int { geometry.patch * paddedOutputs }

  private var panels: [ChannelPanel] { ChannelPanel.panels(of: geometry.outputChannels) }

  private var paddedOutputs: Int { ChannelPanel.padded(geometry.outputChannels) }

  // MARK: Band

  /// Elements of a band that leave room for a panel of weights in a second-level cache of 1 MiB.
  private static let bandElements = 128 * 1024
  /// Elements of an input that is read from the third-level cache whole, so that weights are read only once.
  private static let wholeElements = 512 * 1024

  /// Elements from a pixel to the next in the band. Pixels that lie a large power of two apart would fight for the
  /// same few lines of the first-level cache.
  private var pixelStride: Int {
    geometry.inputChannels + (geometry.inputChannels % 128 == 0 ? 16 : 0)
  }

  private var bandWidth: Int {
    (geometry.output.width - 1) * geometry.stride.width + geometry.dilation.width
      * (geometry.kernel.width - 1) + 1
  }

  private func inputRows(_ outputRows: Int) -> Int {
    (outputRows - 1) * geometry.stride.height + geometry.dilation.height * (geometry.kernel.height - 1) + 1
  }

  private var bandRows: Int {
    let row = bandWidth * pixelStride
    if inputRows(geometry.output.height) * row <= Self.wholeElements && geometry.output.height <= 32 {
      return geometry.output.height
    }
    let rows = Self.bandElements / row - geometry.dilation.height * (geometry.kernel.height - 1) - 1
    return max(1, min(geometry.output.height, rows / geometry.stride.height + 1))
  }

  private var bandCount: Int { inputRows(bandRows) * bandWidth * pixelStride }
  private var tileCount: Int { max(kernel.tile * kernel.panel, kernel.half_tile * kernel.panel / 2) }

  package func workspace(threads: Int) -> Int { threads * (bandCount + tileCount) }

  // MARK: Packing

  /// `[panel][KH][KW][I][channel of the panel]` from PyTorch's `OIHW`; for a gradient, turned by half a turn with I
  /// and O exchanged. Channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, panels) = (geometry, panels)
    let (inputs, outputs, taps) = (g.inputChannels, g.outputChannels, g.taps)
    pool.forEach(panels.count) { index, _ in
      let panel = panels[index]
      let base = packed + index * kernel.panel * g.patch
      for o in 0..<panel.width {
        guard o < panel.channels.count else {
          for row in 0..<g.patch { base[row * panel.width + o] = 0 }
          continue
        }
        let channel = panel.channels.lowerBound + o
        for i in 0..<inputs {
          let source = weight + (isGradient ? i * outputs + channel : channel * inputs + i) * taps
          for tap in 0..<taps {
            base[(tap * inputs + i) * panel.width + o] = source[isGradient ? taps - 1 - tap : tap]
          }
        }
      }
    }
  }

  // MARK: Running

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: TensorView,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, panels, rows) = (geometry, panels, bandRows)
    let bands = (g.output.height + rows - 1) / rows
    // Where bands are too few to share, their panels are shared as well.
    let wanted = max(1, min(panels.count, 8 / max(1, g.batch * bands)))
    let perShare = (panels.count + wanted - 1) / wanted
    // Fewer than wanted where the panels do not divide evenly: no share is empty.
    let shares = (panels.count + perShare - 1) / perShare
    pool.forEach(g.batch * bands * shares) { task, worker in
      let share = task % shares
      let band = task / shares % bands
      let image = task / (shares * bands)
      let outputRows = band * rows..<min(g.output.height, (band + 1) * rows)
      let scratch = workspace + worker * (bandCount + tileCount)
      copyBand(input, image, outputRows, into: scratch)
      for index in share * perShare..<min(panels.count, (share + 1) * perShare) {
        let panel = panels[index]
        runPanel(
          panel, weights: packed + index * kernel.panel * g.patch, band: scratch, rows: outputRows,
          sums: scratch + bandCount, bias: bias.map { $0 + panel.channels.lowerBound },
          output: output.channels(panel.channels), image: image)
      }
    }
  }

  /// The input rows of a band of output rows, with zeros for the border.
  private func copyBand(
    _ input: TensorView, _ image: Int, _ outputRows: Range<Int>, into band: UnsafeMutablePointer<Float>
  ) {
    let (g, channels, step) = (geometry, geometry.inputChannels, pixelStride)
    let top = outputRows.lowerBound * g.stride.height - g.padding.height
    let first = max(0, g.padding.width)
    let last = max(first, min(bandWidth, g.input.width + g.padding.width))
    for row in 0..<inputRows(outputRows.count) {
      let target = band + row * bandWidth * step
      let y = top + row
      guard y >= 0 && y < g.input.height && first < last else {
        target.update(repeating: 0, count: bandWidth * step)
        continue
      }
      target.update(repeating: 0, count: first * step)
      (target + last * step).update(repeating: 0, count: (bandWidth - last) * step)
      let source = input.pixel(image, y, first - g.padding.width)
      if step == channels && input.isContiguous {
        (target + first * step).update(from: source, count: (last - first) * channels)
      } else {
        for column in 0..<last - first {
          (target + (first + column) * step).update(
            from: source + column * input.pixelStride, count: channels)
        }
      }
    }
  }

  private func runPanel(
    _ panel: ChannelPanel, weights: UnsafePointer<Float>, band: UnsafePointer<Float>, rows: Range<Int>,
    sums: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?, output: TensorView, image: Int
  ) {
    let (g, step) = (geometry, pixelStride)
    var window = tsr_conv_window(
      channels: g.inputChannels, kernel_height: g.kernel.height, kernel_width: g.kernel.width,
      pixel_step: g.stride.width * step, row_step: g.dilation.height * bandWidth * step,
      column_step: g.dilation.width * step)
    // Tiles of about equal size, so that the last of a row is not a sliver.
    let largest = panel.isHalf ? kernel.half_tile : kernel.tile
    let tiles = (g.output.width + largest - 1) / largest
    let size = (g.output.width + tiles - 1) / tiles
    for row in rows {
      let source = band + (row - rows.lowerBound) * g.stride.height * bandWidth * step
      for column in stride(from: 0, to: g.output.width, by: size) {
        let count = min(size, g.output.width - column)
        tsr_direct_conv_tile(
          count, panel.isHalf ? 1 : 0, source + column * g.stride.width * step, &window, weights, sums)
        SumFinish(bias: bias, activation: activation).run(
          sums, step: panel.width, into: output.pixel(image, row, column), pixels: count,
          pixelStride: output.pixelStride, channels: output.channels)
      }
    }
  }
}
