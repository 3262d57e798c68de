import CKernels
import TensorCore

/// From output to input where windows lie side by side, as in a transposed convolution whose kernel is as large as its
/// stride: each pixel has one tap, so that nothing is added up, and a tap is a pointwise convolution by itself.
///
/// `geometry` is that of the convolution; this algorithm runs it from output to input.
package struct BlockConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias.
  let activation: Activation

  private let panels: [ChannelPanel]

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity) {
    self.geometry = geometry
    self.activation = activation
    panels = ChannelPanel.panels(of: geometry.inputChannels)
  }

  /// Whether the kernel exists on this processor, and windows cover the input without a gap, an overlap or a border.
  package static func supports(_ geometry: ConvolutionGeometry) -> Bool {
    tsr_panel_width() > 0 && geometry.groups == 1 && geometry.kernel == geometry.stride
      && geometry.padding == 0 && geometry.dilation == 1
      && geometry.input.height == geometry.output.height * geometry.stride.height
      && geometry.input.width == geometry.output.width * geometry.stride.width
  }

  package var name: String { "blocks" }
  package var products: Int { geometry.macs }
  package var packing: String { "blocks" }
  package var packedCount: Int {
    geometry.taps * geometry.outputChannels * ChannelPanel.padded(geometry.inputChannels)
  }

  /// Output pixels of a task: within one row, so that those of a tap lie at equal distances.
  private var chunkPixels: Int {
    let pieces = (geometry.output.width + 79) / 80
    return (geometry.output.width + pieces - 1) / pieces
  }

  package func workspace(threads: Int) -> Int { threads * chunkPixels * panels[0].width }

  private func panelOffset(_ index: Int) -> Int {
    index * panels[0].width * geometry.taps * geometry.outputChannels
  }

  /// `[panel][KH][KW][O][channel of the panel]` from PyTorch's `OIHW`; channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (inputs, outputs, taps) = (geometry.inputChannels, geometry.outputChannels, geometry.taps)
    pool.forEach(panels.count * taps) { task, _ in
      let (index, tap) = (task / taps, task % taps)
      let panel = panels[index]
      let base = packed + panelOffset(index) + tap * outputs * panel.width
      for o in 0..<outputs {
        for i in 0..<panel.width {
          base[o * panel.width + i] =
            i < panel.channels.count ? weight[(o * inputs + panel.channels.lowerBound + i) * taps + tap] : 0
        }
      }
    }
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, chunk) = (geometry, chunkPixels)
    let chunks = (g.output.width + chunk - 1) / chunk
    let rows = g.batch * g.output.height
    // Deep layers have few rows and many weights: a task then takes one panel of all rows of an image.
    let byPanel = panels.count * g.taps > rows
    let streams = output.isStreamed(with: activation)
    pool.forEach(byPanel ? panels.count * g.batch : rows) { task, worker in
      let sums = workspace + worker * chunk * panels[0].width
      let ofTask =
        byPanel
        ? task / panels.count * g.output.height..<(task / panels.count + 1) * g.output.height
        : task..<task + 1
      for index in byPanel ? task % panels.count..<task % panels.count + 1 : 0..<panels.count {
        let panel = panels[index]
        let product = PanelProduct(panel: panel, bias: bias, activation: activation, streams: streams)
        for tap in 0..<g.taps {
          let weights = packed + panelOffset(index) + tap * g.outputChannels * panel.width
          for row in ofTask {
            let (image, y) = (row / g.output.height, row % g.output.height)
            for piece in 0..<chunks {
              let first = piece * chunk
              let count = min(chunk, g.output.width - first)
              let (row, column) = (
                y * g.stride.height + tap / g.kernel.width, first * g.stride.width + tap % g.kernel.width
              )
              product.run(
                count, input.pixel(image, y, first),
                tsr_window(pixelsOf: g.outputChannels, step: input.pixelStride), weights: weights,
                addend: addend.map {
                  (UnsafePointer($0.pixel(image, row, column)), g.stride.width * $0.pixelStride)
                },
                into: output.pixel(image, row, column), step: g.stride.width * output.pixelStride,
                scratch: sums)
            }
          }
        }
      }
      if streams { tsr_end_streams() }
    }
  }
}
