import CKernels
import TensorCore

/// Pointwise convolution by the register kernel: a product of the input where it lies and packed weights, with bias
/// and activation applied while the sums are in cache.
package struct PointwiseConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias.
  let activation: Activation
  /// Whether the stored weight belongs to the convolution whose gradient this is, so that I and O are exchanged.
  let isGradient: Bool

  private let panels: [ChannelPanel]

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity, isGradient: Bool = false)
  {
    self.geometry = geometry
    self.activation = activation
    self.isGradient = isGradient
    panels = ChannelPanel.panels(of: geometry.outputChannels)
  }

  /// Whether the kernel exists on this processor, and each output reads just the pixel in its own place.
  package static func supports(_ geometry: ConvolutionGeometry) -> Bool {
    tsr_panel_width() > 0 && geometry.isPointwise && geometry.groups == 1
  }

  package var name: String { "pointwise" }
  package var products: Int { geometry.macs }
  package var packing: String { isGradient ? "pointwise-turned" : "pointwise" }
  package var packedCount: Int {
    geometry.inputChannels * ChannelPanel.padded(geometry.outputChannels)
  }

  /// Tasks that suffice to share the work evenly.
  private static let tasks = 16
  /// Elements of a task's input, which panel after panel reads from the second-level cache.
  private static let chunkElements = 64 * 1024

  /// Pixels from those that are multiplied to those that are asked for: the register kernel's largest tile.
  private static let aheadPixels = 20

  private var chunkPixels: Int { max(40, min(400, Self.chunkElements / geometry.inputChannels / 20 * 20)) }

  package func workspace(threads: Int) -> Int { threads * chunkPixels * panels[0].width }

  /// Input channels whose weights are packed at a time.
  private static let packedInputs = 64

  /// `[panel][I][channel of the panel]`; channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let inputs = geometry.inputChannels
    let chunks = (inputs + Self.packedInputs - 1) / Self.packedInputs
    pool.forEach(panels.count * chunks) { task, _ in
      // The next task reads what lies beside: of a gradient's weight another panel, else other inputs.
      let (index, part) =
        isGradient ? (task % panels.count, task / panels.count) : (task / chunks, task % chunks)
      let (panel, start) = (panels[index], part * Self.packedInputs)
      let lines = start..<min(inputs, start + Self.packedInputs)
      let base = packed + index * panels[0].width * inputs + start * panel.width
      panel.writeKernels(of: lines, weight, geometry, isGradient: isGradient, taps: 1, into: base)
      let count = panel.channels.count
      guard panel.width > count else { return }
      for place in 0..<lines.count {
        (base + place * panel.width + count).update(repeating: 0, count: panel.width - count)
      }
    }
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let chunk = chunkPixels
    let chunks = (geometry.outputPixels + chunk - 1) / chunk
    let streams = output.isStreamed(with: activation)
    // Where chunks are too few to share evenly, their panels are shared as well.
    let shares = min(panels.count, (Self.tasks + chunks - 1) / chunks)
    pool.forEach(chunks * shares) { task, worker in
      let (first, share) = (task / shares * chunk, task % shares)
      let count = min(chunk, geometry.outputPixels - first)
      let sums = workspace + worker * chunk * panels[0].width
      let ofTask = share * panels.count / shares..<(share + 1) * panels.count / shares
      for index in ofTask {
        let panel = panels[index]
        let weights = packed + index * panels[0].width * geometry.inputChannels
        var window = tsr_window(pixelsOf: geometry.inputChannels, step: input.pixelStride)
        // The first panel brings the input to the cache for the others, unless much lies between its pixels.
        if index == ofTask.lowerBound && input.pixelStride < 2 * input.channels {
          window.next_input = UnsafePointer(input.pixel(first)) + Self.aheadPixels * input.pixelStride
          window.next_elements = count * input.pixelStride
        }
        if index + 1 < ofTask.upperBound {
          window.next_weights = weights + panel.width * geometry.inputChannels
        }
        PanelProduct(panel: panel, bias: bias, activation: activation, streams: streams).run(
          count, input.pixel(first), window, weights: weights,
          addend: addend.map { (UnsafePointer($0.pixel(first)), $0.pixelStride) }, into: output.pixel(first),
          step: output.pixelStride, scratch: sums)
      }
      if streams { tsr_end_streams() }
    }
  }
}
