import CKernels
import TensorCore

extension WinogradConvolution {
  /// Input channels whose weights are transformed at a time.
  private static let packedInputs = 16
  /// Elements of packed weights that the third-level cache does not keep until they are read.
  private static let distantElements = 4 * 1024 * 1024

  /// `[panel][product][I][channel of the panel]` from PyTorch's `OIHW`; for a gradient, turned by half a turn with I
  /// and O exchanged. Channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let inputs = geometry.inputChannels
    let panels = ChannelPanel.panels(of: geometry.outputChannels)
    let full = panels[0].width
    let (chunk, taps) = (Self.packedInputs, geometry.taps)
    let streams = packedCount > Self.distantElements
    let chunks = (inputs + chunk - 1) / chunk
    pool.forEach(panels.count * chunks) { task, _ in
      let (index, first) = (task / chunks, task % chunks * chunk)
      let panel = panels[index]
      let base = packed + index * full * transform.products * inputs
      let lines = first..<min(inputs, first + chunk)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: chunk * taps * full) { kernels in
        guard let kernels = kernels.baseAddress else { return }
        kernels.initialize(repeating: 0, count: chunk * taps * full)
        panel.writeKernels(of: lines, weight, geometry, isGradient: isGradient, taps: taps, into: kernels)
        for (place, i) in lines.enumerated() {
          let kernel = kernels + place * taps * panel.width
          // Turned by half a turn, it is read from its last tap.
          transform.expand(
            TSR_WINOGRAD_KERNEL, channels: panel.width,
            isGradient
              ? .kernel(kernel + (taps - 1) * panel.width, taps: transform.taps, step: -panel.width)
              : .kernel(kernel, taps: transform.taps, step: panel.width),
            into: base + i * panel.width, step: inputs * panel.width, streams: streams)
        }
      }
      if streams { tsr_winograd_end_streams() }
    }
  }
}
