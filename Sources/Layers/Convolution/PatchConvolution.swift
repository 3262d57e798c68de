import TensorCore

/// Convolution as a matrix product of patches and weights: serves every geometry.
///
/// Tasks are chunks of output pixels by groups by blocks of output channels. A chunk's patches stay in the second
/// level cache while the product reads them. A pointwise convolution multiplies the input where it lies.
package struct PatchConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias while the chunk is in cache.
  let activation: Activation
  /// Whether the stored weight belongs to the convolution whose gradient this is, so that packing turns it.
  let isGradient: Bool

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity, isGradient: Bool = false)
  {
    self.geometry = geometry
    self.activation = activation
    self.isGradient = isGradient
  }

  package var name: String { geometry.isPointwise ? "gemm" : "patches" }
  package var products: Int { geometry.macs }
  package var packing: String { isGradient ? "patches-turned" : "patches" }
  package var packedCount: Int { geometry.patch * geometry.outputChannels }

  /// Elements of a chunk of patches that leave room for the weights in a second-level cache of 1 MiB.
  private static let chunkElements = 96 * 1024

  private var chunkPixels: Int {
    let fitting = Self.chunkElements / geometry.patch / 16 * 16
    return max(32, min(512, fitting))
  }

  /// Output channels of a task: all, unless that left too few tasks to share.
  private var blockChannels: Int {
    let chunks = (geometry.outputPixels + chunkPixels - 1) / chunkPixels * geometry.groups
    let blocks = max(1, min(8 / max(1, chunks), geometry.groupOutputs / 64))
    return (geometry.groupOutputs + blocks - 1) / blocks
  }

  package func workspace(threads: Int) -> Int {
    geometry.isPointwise ? 0 : threads * chunkPixels * geometry.patch
  }

  /// `[group][KH][KW][I][O]` from PyTorch's `OIHW`; for a gradient, turned by half a turn with I and O exchanged.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, inputs, outputs) = (geometry, geometry.groupInputs, geometry.groupOutputs)
    pool.forEach(g.groups * g.taps) { index, _ in
      let (group, tap) = (index / g.taps, index % g.taps)
      let block = packed + index * inputs * outputs
      for i in 0..<inputs {
        for o in 0..<outputs {
          let source =
            isGradient
            ? ((group * inputs + i) * outputs + o) * g.taps + (g.taps - 1 - tap)
            : ((group * outputs + o) * inputs + i) * g.taps + tap
          block[i * outputs + o] = weight[source]
        }
      }
    }
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let g = geometry
    let (chunk, block) = (chunkPixels, blockChannels)
    let chunks = (g.outputPixels + chunk - 1) / chunk
    let blocks = (g.groupOutputs + block - 1) / block
    let patches = Patches(geometry: g)
    pool.forEach(chunks * g.groups * blocks) { task, worker in
      let pixels =
        task / (g.groups * blocks) * chunk..<min(g.outputPixels, (task / (g.groups * blocks) + 1) * chunk)
      let group = task / blocks % g.groups
      let first = task % blocks * block
      let channels = min(block, g.groupOutputs - first)
      let rows: UnsafePointer<Float>
      let rowStride: Int
      if g.isPointwise {
        rows = UnsafePointer(input.pixel(pixels.lowerBound) + group * g.groupInputs)
        rowStride = input.pixelStride
      } else {
        let scratch = workspace + worker * chunk * g.patch
        let inputs = group * g.groupInputs..<(group + 1) * g.groupInputs
        patches.gather(input, pixels: pixels, taps: 0..<g.taps, channels: inputs, into: scratch)
        rows = UnsafePointer(scratch)
        rowStride = g.patch
      }
      let start = group * g.groupOutputs + first
      let sums = output.channels(start..<start + channels)
      let begins = bias != nil || addend != nil
      if begins {
        for pixel in pixels {
          ChannelLoops.begin(
            sums.pixel(pixel), bias: bias.map { $0 + start }, addend: addend.map { $0.pixel(pixel) + start },
            channels)
        }
      }
      BLAS.gemm(
        m: pixels.count, n: channels, k: g.patch, a: rows, lda: rowStride,
        b: packed + group * g.patch * g.groupOutputs + first, ldb: g.groupOutputs,
        beta: begins ? 1 : 0, c: sums.pixel(pixels.lowerBound), ldc: sums.pixelStride)
      activate(sums, pixels)
    }
  }

  private func activate(_ output: TensorView, _ pixels: Range<Int>) {
    let channels = output.channels
    guard activation != .identity else { return }
    if output.isContiguous {
      activation.apply(output.pixel(pixels.lowerBound), pixels.count * channels)
    } else {
      for pixel in pixels { activation.apply(output.pixel(pixel), channels) }
    }
  }
}
