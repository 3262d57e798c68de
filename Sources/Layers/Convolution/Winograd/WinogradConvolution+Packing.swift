import CKernels
import TensorCore

extension WinogradConvolution {
  /// Input channels whose weights are transformed at a time.
  private static let packedInputs = 16

  /// `[panel][product][I][channel of the panel]` from PyTorch's `OIHW`; for a gradient, turned by half a turn with I
  /// and O exchanged. Channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let panels = ChannelPanel.panels(of: outputs)
    let full = panels[0].width
    let (chunk, taps) = (Self.packedInputs, geometry.taps)
    let chunks = (inputs + chunk - 1) / chunk
    pool.forEach(panels.count * chunks) { task, _ in
      let (index, first) = (task / chunks, task % chunks * chunk)
      let panel = panels[index]
      let base = packed + index * full * transform.products * inputs
      withUnsafeTemporaryAllocation(of: Float.self, capacity: taps * full) { kernels in
        guard let kernels = kernels.baseAddress else { return }
        kernels.initialize(repeating: 0, count: taps * full)
        for i in first..<min(inputs, first + chunk) {
          for (o, channel) in panel.channels.enumerated() {
            let source = weight + (isGradient ? i * outputs + channel : channel * inputs + i) * taps
            for tap in 0..<taps {
              kernels[tap * panel.width + o] = source[isGradient ? taps - 1 - tap : tap]
            }
          }
          transform.expand(
            TSR_WINOGRAD_KERNEL, channels: panel.width,
            .kernel(kernels, taps: transform.taps, step: panel.width),
            into: base + i * panel.width, step: inputs * panel.width)
        }
      }
    }
  }
}
