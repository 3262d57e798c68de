import CKernels
import TensorCore

/// Convolution by a register kernel on packed weights, reading the input where it lies instead of copying patches.
///
/// A task copies the rows that its band of output rows needs into scratch memory with the border in place, once, and
/// runs tiles of neighbouring outputs by panels of output channels over it. A panel's weights are read once for all
/// rows of the band. A kernel of one tap without a border reads the input where it lies.
package struct DirectConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias.
  let activation: Activation
  /// Whether the stored weight belongs to the convolution whose gradient this is, so that I and O are exchanged.
  let isGradient: Bool
  /// Which taps of the stored weight the kernel has, and which pixels the outputs are.
  let phase: ConvolutionPhase

  /// Columns of the register kernel; 0 where there is none.
  private let kernelWidth = tsr_panel_width()

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity, isGradient: Bool = false)
  {
    self.init(
      geometry, activation: activation, isGradient: isGradient,
      phase: ConvolutionPhase(taps: geometry.taps, turned: isGradient))
  }

  /// A convolution with some of the taps of a weight, which writes some of the pixels of an output.
  init(
    _ geometry: ConvolutionGeometry, activation: Activation, isGradient: Bool, phase: ConvolutionPhase
  ) {
    self.geometry = geometry
    self.activation = activation
    self.isGradient = isGradient
    self.phase = phase
  }

  /// Whether the kernel exists on this processor and suits the geometry: a pointwise convolution is a plain matrix
  /// product, and groups make panels too narrow.
  package static func supports(_ geometry: ConvolutionGeometry) -> Bool {
    tsr_panel_width() > 0 && geometry.groups == 1 && !geometry.isPointwise
  }

  package var name: String { "direct" }
  package var products: Int { geometry.macs }
  package var packing: String { isGradient ? "direct-turned" : "direct" }
  package var packedCount: Int { geometry.patch * paddedOutputs }

  var panels: [ChannelPanel] { ChannelPanel.panels(of: geometry.outputChannels) }

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

  /// Whether tasks read the input where it lies: it needs no border, and no pixel is read by several taps.
  private var readsInPlace: Bool {
    geometry.kernel == 1 && geometry.padding == 0
      && inputRows(geometry.output.height) <= geometry.input.height && bandWidth <= geometry.input.width
  }

  private var bandCount: Int { readsInPlace ? 0 : inputRows(bandRows) * bandWidth * pixelStride }
  /// Elements of a row of outputs of one panel.
  private var rowCount: Int { geometry.output.width * kernelWidth }

  package func workspace(threads: Int) -> Int { threads * (bandCount + rowCount) }

  // MARK: Running

  /// The input rows that a task reads, border and all; steps in elements.
  private struct Band {
    /// The first tap of the first output.
    let first: UnsafePointer<Float>
    let rowStep: Int
    let pixelStep: Int
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, panels, rows) = (geometry, panels, bandRows)
    let bands = (g.output.height + rows - 1) / rows
    // Where bands are too few to share, their panels are shared as well.
    let wanted = max(1, min(panels.count, 8 / max(1, g.batch * bands)))
    let perShare = (panels.count + wanted - 1) / wanted
    // Fewer than wanted where the panels do not divide evenly: no share is empty.
    let shares = (panels.count + perShare - 1) / perShare
    let streams = output.isStreamed(with: activation)
    pool.forEach(g.batch * bands * shares) { task, worker in
      let share = task % shares
      let band = task / shares % bands
      let image = task / (shares * bands)
      let outputRows = band * rows..<min(g.output.height, (band + 1) * rows)
      let scratch = workspace + worker * (bandCount + rowCount)
      let read: Band
      if readsInPlace {
        read = Band(
          first: input.pixel(image, outputRows.lowerBound * g.stride.height, 0),
          rowStep: input.shape.width * input.pixelStride, pixelStep: input.pixelStride)
      } else {
        copyBand(input, image, outputRows, into: scratch)
        read = Band(first: scratch, rowStep: bandWidth * pixelStride, pixelStep: pixelStride)
      }
      for index in share * perShare..<min(panels.count, (share + 1) * perShare) {
        runPanel(
          PanelProduct(panel: panels[index], bias: bias, activation: activation, streams: streams),
          weights: packed + index * kernelWidth * g.patch, band: read, rows: outputRows,
          scratch: scratch + bandCount, addend: addend, output: output, image: image)
      }
      if streams { tsr_end_streams() }
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
    _ product: PanelProduct, weights: UnsafePointer<Float>, band: Band, rows: Range<Int>,
    scratch: UnsafeMutablePointer<Float>, addend: TensorView?, output: TensorView, image: Int
  ) {
    let g = geometry
    let window = tsr_window(
      channels: g.inputChannels, kernel_height: g.kernel.height, kernel_width: g.kernel.width,
      pixel_step: g.stride.width * band.pixelStep, row_step: g.dilation.height * band.rowStep,
      column_step: g.dilation.width * band.pixelStep, next_weights: nil, next_input: nil,
      next_elements: 0)
    for row in rows {
      let (y, x) = (phase.origin.height + row * phase.step.height, phase.origin.width)
      product.run(
        g.output.width, band.first + (row - rows.lowerBound) * g.stride.height * band.rowStep, window,
        weights: weights,
        addend: addend.map { (UnsafePointer($0.pixel(image, y, x)), phase.step.width * $0.pixelStride) },
        into: output.pixel(image, y, x), step: phase.step.width * output.pixelStride, scratch: scratch)
    }
  }
}
