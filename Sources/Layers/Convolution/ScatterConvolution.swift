import TensorCore

/// The gradient of a convolution's input for any stride, which is also the transposed convolution: each output
/// pixel's patch is a product with the weights, added where the patch was read.
///
/// `geometry` is that of the convolution; this algorithm runs it from output to input. A task owns a band of input
/// rows and a block of input channels, and computes the pixels whose patches reach into its band, so that tasks
/// write apart and sums have one order.
package struct ScatterConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias once the band is complete.
  let activation: Activation

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity) {
    self.geometry = geometry
    self.activation = activation
  }

  package var name: String { "scatter" }
  package var products: Int { geometry.macs }
  package var packing: String { "scatter-\(blockChannels)" }
  package var packedCount: Int { geometry.patch * geometry.outputChannels }

  /// Input channels of a task.
  private var blockChannels: Int { min(64, geometry.groupInputs) }
  private var blocks: Int { (geometry.groupInputs + blockChannels - 1) / blockChannels }

  /// Input rows of a task: those of some 256 output pixels, in whole strides.
  private var bandRows: Int { max(1, 256 / geometry.output.width) * geometry.stride.height }
  private var bands: Int { (geometry.input.height + bandRows - 1) / bandRows }

  /// Output rows whose patches can reach into a band.
  private var reachingRows: Int {
    (bandRows + geometry.dilation.height * (geometry.kernel.height - 1)) / geometry.stride.height + 1
  }

  private var scratch: Int { reachingRows * geometry.output.width * geometry.taps * blockChannels }

  package func workspace(threads: Int) -> Int { threads * scratch }

  /// `[group][block][O][KH][KW][I of the block]` from PyTorch's `OIHW`.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, block) = (geometry, blockChannels)
    pool.forEach(g.groups * g.groupOutputs) { row, _ in
      let (group, o) = (row / g.groupOutputs, row % g.groupOutputs)
      let source = weight + row * g.groupInputs * g.taps
      for first in stride(from: 0, to: g.groupInputs, by: block) {
        let count = min(block, g.groupInputs - first)
        let base = packed + (group * g.groupInputs + first) * g.taps * g.groupOutputs
        for tap in 0..<g.taps {
          for i in 0..<count {
            base[(o * g.taps + tap) * count + i] = source[(first + i) * g.taps + tap]
          }
        }
      }
    }
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (g, bands, blocks, blockSize) = (geometry, bands, blocks, blockChannels)
    pool.forEach(g.batch * bands * g.groups * blocks) { task, worker in
      let (block, group) = (task % blocks, task / blocks % g.groups)
      let band = task / (blocks * g.groups) % bands
      let image = task / (blocks * g.groups * bands)
      let first = block * blockSize
      let count = min(blockSize, g.groupInputs - first)
      let rows = band * bandRows..<min(g.input.height, (band + 1) * bandRows)
      let start = group * g.groupInputs + first
      let target = output.channels(start..<start + count)
      for row in rows {
        for column in 0..<g.input.width {
          ChannelLoops.begin(
            target.pixel(image, row, column), bias: bias.map { $0 + start },
            addend: addend.map { $0.pixel(image, row, column) + start }, count)
        }
      }
      let pixels = reaching(rows)
      if !pixels.isEmpty {
        let patches = workspace + worker * scratch
        let columns = g.taps * count
        BLAS.gemm(
          m: pixels.count * g.output.width, n: columns, k: g.groupOutputs,
          a: input.pixel(image, pixels.lowerBound, 0) + group * g.groupOutputs, lda: input.pixelStride,
          b: packed + start * g.taps * g.groupOutputs, ldb: columns, c: patches, ldc: columns)
        scatter(patches, of: pixels, into: target, image, rows)
      }
      finish(target, image, rows)
    }
  }

  /// Output rows whose patches touch any of the input rows.
  private func reaching(_ rows: Range<Int>) -> Range<Int> {
    let g = geometry
    let lowest = rows.lowerBound + g.padding.height - g.dilation.height * (g.kernel.height - 1)
    let first = max(0, lowest <= 0 ? 0 : (lowest + g.stride.height - 1) / g.stride.height)
    let last = rows.upperBound - 1 + g.padding.height
    let end = last < 0 ? 0 : min(g.output.height, last / g.stride.height + 1)
    return first..<max(first, end)
  }

  private func scatter(
    _ patches: UnsafePointer<Float>, of pixels: Range<Int>, into target: TensorView, _ image: Int,
    _ rows: Range<Int>
  ) {
    let (g, count) = (geometry, target.channels)
    var patch = patches
    for row in pixels {
      for column in 0..<g.output.width {
        let top = row * g.stride.height - g.padding.height
        let left = column * g.stride.width - g.padding.width
        for ky in 0..<g.kernel.height {
          let y = top + ky * g.dilation.height
          guard rows.contains(y) else {
            patch += g.kernel.width * count
            continue
          }
          for kx in 0..<g.kernel.width {
            let x = left + kx * g.dilation.width
            if x >= 0 && x < g.input.width {
              let pixel = target.pixel(image, y, x)
              for channel in 0..<count { pixel[channel] += patch[channel] }
            }
            patch += count
          }
        }
      }
    }
  }

  private func finish(_ target: TensorView, _ image: Int, _ rows: Range<Int>) {
    guard activation != .identity else { return }
    for row in rows {
      for column in 0..<geometry.input.width {
        activation.apply(target.pixel(image, row, column), target.channels)
      }
    }
  }
}
