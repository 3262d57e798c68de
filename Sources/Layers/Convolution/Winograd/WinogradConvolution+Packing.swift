import CKernels
import TensorCore

extension WinogradConvolution {
  /// Input channels whose weights are transformed at a time.
  private static let packedInputs = 16
  /// Elements of packed weights that the third-level cache does not keep until they are read.
  static let distantElements = 4 * 1024 * 1024

  /// `[panel][product][I][channel of the panel]` from PyTorch's `OIHW`; for a gradient, turned by half a turn with I
  /// and O exchanged. Channels that fill up a panel are 0.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let inputs = geometry.inputChannels
    let chunk = Self.packedInputs
    let chunks = (inputs + chunk - 1) / chunk
    pool.forEach(panels.count * chunks) { task, _ in
      let (index, first) = (task / chunks, task % chunks * chunk)
      pack(
        weight, panel: index, inputs: first..<min(inputs, first + chunk),
        into: packed + index * panelElements,
        streams: transformedCount > Self.distantElements)
    }
  }

  /// What `pack` writes for some input channels of a panel, whose place is `base`.
  ///
  /// - Parameter streams: whether to write past the caches.
  func pack(
    _ weight: UnsafePointer<Float>, panel index: Int, inputs lines: Range<Int>,
    into base: UnsafeMutablePointer<Float>, streams: Bool
  ) {
    let (panel, taps) = (panels[index], geometry.taps)
    let capacity = Self.packedInputs * taps * panel.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: capacity) { kernels in
      guard let kernels = kernels.baseAddress else { return }
      kernels.initialize(repeating: 0, count: capacity)
      for first in stride(from: lines.lowerBound, to: lines.upperBound, by: Self.packedInputs) {
        let lines = first..<min(lines.upperBound, first + Self.packedInputs)
        panel.writeKernels(of: lines, weight, geometry, isGradient: isGradient, taps: taps, into: kernels)
        for (place, i) in lines.enumerated() {
          let kernel = kernels + place * taps * panel.width
          // Turned by half a turn, it is read from its last tap.
          transform.expand(
            TSR_WINOGRAD_KERNEL, channels: panel.width,
            isGradient
              ? .kernel(kernel + (taps - 1) * panel.width, taps: transform.taps, step: -panel.width)
              : .kernel(kernel, taps: transform.taps, step: panel.width),
            into: base + i * panel.width, step: geometry.inputChannels * panel.width, streams: streams)
        }
      }
    }
    if streams { tsr_end_streams() }
  }
}
