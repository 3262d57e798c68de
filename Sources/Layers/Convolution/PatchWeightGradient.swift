import TensorCore

/// The gradient of a convolution's weight: patchesᵀ · output gradient, summed over all output pixels.
///
/// The sum is cut two ways: by blocks of the patch, which write apart, and, where a layer has too few of those, by
/// parts of the pixels, whose partial sums are added in their order.
package struct PatchWeightGradient: WeightGradientAlgorithm {
  let geometry: ConvolutionGeometry

  package var name: String { "patches" }
  package var products: Int { geometry.macs }

  /// The gradient for a convolution of these sizes.
  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// Patch rows `[KH][KW][I]` of one task: whole taps, or a block of the channels of one tap.
  private struct Block {
    let taps: Range<Int>
    let channels: Range<Int>
    /// The first row in `[KH][KW][I]`.
    let row: Int
    var rows: Int { taps.count * channels.count }
  }

  /// Rows of a task at most, unless a single tap of fewer than twice as many channels asks for more.
  private static let blockRows = 256
  /// Pixels multiplied at a time.
  private static let chunkPixels = 384
  /// Tasks that suffice to keep all cores of a large machine busy.
  private static let tasks = 16

  private var blocks: [Block] {
    let (taps, inputs) = (geometry.taps, geometry.groupInputs)
    if inputs > Self.blockRows {
      let parts = (inputs + Self.blockRows - 1) / Self.blockRows
      let size = (inputs + parts - 1) / parts
      return (0..<taps).flatMap { tap in
        stride(from: 0, to: inputs, by: size).map { first in
          Block(taps: tap..<tap + 1, channels: first..<min(inputs, first + size), row: tap * inputs + first)
        }
      }
    }
    let size = max(1, Self.blockRows / inputs)
    return stride(from: 0, to: taps, by: size).map { first in
      Block(taps: first..<min(taps, first + size), channels: 0..<inputs, row: first * inputs)
    }
  }

  /// Parts that the pixels are cut into.
  private func parts(_ blocks: Int) -> Int {
    let wanted = (Self.tasks + blocks * geometry.groups - 1) / (blocks * geometry.groups)
    let possible = max(1, geometry.outputPixels / (4 * Self.chunkPixels))
    return min(wanted, possible)
  }

  private var weightCount: Int { geometry.patch * geometry.outputChannels }

  /// Elements of scratch memory.
  package func workspace(threads: Int) -> Int {
    let blocks = blocks
    let rows = blocks.map(\.rows).max() ?? 0
    return threads * Self.chunkPixels * rows + parts(blocks.count) * weightCount
  }

  /// Writes the gradient in PyTorch's shape `OIHW`.
  package func run(
    input: TensorView, outputGradient: TensorView, into gradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let g = geometry
    let blocks = blocks
    let parts = parts(blocks.count)
    let rows = blocks.map(\.rows).max() ?? 0
    let sums = workspace
    let scratch = workspace + parts * weightCount
    let pixelsOfPart = (g.outputPixels + parts - 1) / parts
    pool.forEach(parts * g.groups * blocks.count) { task, worker in
      let block = blocks[task % blocks.count]
      let group = task / blocks.count % g.groups
      let part = task / (blocks.count * g.groups)
      let target = sums + part * weightCount + (group * g.patch + block.row) * g.groupOutputs
      let pixels = part * pixelsOfPart..<min(g.outputPixels, (part + 1) * pixelsOfPart)
      accumulate(
        block, group, pixels, input, outputGradient, scratch + worker * Self.chunkPixels * rows, target)
    }
    unpack(sums, parts, into: gradient, pool)
  }

  private func accumulate(
    _ block: Block, _ group: Int, _ pixels: Range<Int>, _ input: TensorView, _ outputGradient: TensorView,
    _ rows: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let patches = Patches(geometry: g)
    let offset = group * g.groupInputs
    let channels = offset + block.channels.lowerBound..<offset + block.channels.upperBound
    for first in stride(from: pixels.lowerBound, to: pixels.upperBound, by: Self.chunkPixels) {
      let chunk = first..<min(pixels.upperBound, first + Self.chunkPixels)
      let source: UnsafePointer<Float>
      let rowStride: Int
      if g.isPointwise {
        source = UnsafePointer(input.pixel(first) + channels.lowerBound)
        rowStride = input.pixelStride
      } else {
        patches.gather(input, pixels: chunk, taps: block.taps, channels: channels, into: rows)
        source = UnsafePointer(rows)
        rowStride = block.rows
      }
      BLAS.gemm(
        transposeA: true, m: block.rows, n: g.groupOutputs, k: chunk.count, a: source, lda: rowStride,
        b: outputGradient.pixel(first) + group * g.groupOutputs, ldb: outputGradient.pixelStride,
        beta: first == pixels.lowerBound ? 0 : 1, c: target, ldc: g.groupOutputs)
    }
  }

  /// Adds the parts in order and turns `[group][KH][KW][I][O]` into `OIHW`.
  private func unpack(
    _ sums: UnsafePointer<Float>, _ parts: Int, into gradient: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    let g = geometry
    pool.forEachChunk(of: g.outputChannels, size: 16) { channels in
      for output in channels {
        let (group, o) = (output / g.groupOutputs, output % g.groupOutputs)
        for tap in 0..<g.taps {
          for i in 0..<g.groupInputs {
            let source = (group * g.patch + tap * g.groupInputs + i) * g.groupOutputs + o
            var sum = sums[source]
            for part in 1..<max(1, parts) { sum += sums[part * weightCount + source] }
            gradient[(output * g.groupInputs + i) * g.taps + tap] = sum
          }
        }
      }
    }
  }
}
