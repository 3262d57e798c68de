import CKernels
import TensorCore

extension DirectConvolution {
  /// `[panel][KH][KW][I][channel of the panel]` from PyTorch's `OIHW`; for a gradient with I and O exchanged, and
  /// turned by half a turn. Channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    Self.pack([self], weight, into: packed, pool: pool)
  }

  /// Packs a weight for convolutions that differ in their taps alone, one behind the other; each stored kernel is read
  /// once for all of them.
  static func pack(
    _ phases: [DirectConvolution], _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    guard let first = phases.first else { return }
    let (panels, inputs, stored) = (first.panels, first.geometry.inputChannels, first.phase.storedTaps)
    // Some input channels at a time, whose kernels stay in the first-level cache.
    let chunk = max(1, 256 / stored)
    let chunks = (inputs + chunk - 1) / chunk
    pool.forEach(panels.count * chunks) { task, _ in
      // The next task reads what lies beside: of a gradient's weight another panel, else other inputs.
      let (index, part) =
        first.isGradient ? (task % panels.count, task / panels.count) : (task / chunks, task % chunks)
      let (panel, lines) = (panels[index], part * chunk..<min(inputs, (part + 1) * chunk))
      withUnsafeTemporaryAllocation(of: Float.self, capacity: chunk * stored * panel.width) { kernels in
        guard let kernels = kernels.baseAddress else { return }
        if panel.width > panel.channels.count {
          kernels.initialize(repeating: 0, count: chunk * stored * panel.width)
        }
        panel.writeKernels(
          of: lines, weight, first.geometry, isGradient: first.isGradient, taps: stored, into: kernels)
        var base = packed
        for phase in phases {
          phase.place(kernels, of: lines, panel, into: base + index * panels[0].width * phase.geometry.patch)
          base += phase.packedCount
        }
      }
    }
  }

  /// Puts the taps of this convolution where a panel has them.
  private func place(
    _ kernels: UnsafePointer<Float>, of lines: Range<Int>, _ panel: ChannelPanel,
    into base: UnsafeMutablePointer<Float>
  ) {
    let step = phase.storedTaps * panel.width
    for (tap, source) in phase.sourceTaps.enumerated() {
      let target = base + (tap * geometry.inputChannels + lines.lowerBound) * panel.width
      let kernels = kernels + source * panel.width
      for place in 0..<lines.count {
        (target + place * panel.width).update(from: kernels + place * step, count: panel.width)
      }
    }
  }
}
