import CKernels
import TensorCore

/// The gradient of a convolution's weight: patchesᵀ · output gradient, summed over all output pixels.
///
/// A task owns a block of patch rows by a block of output channels. For a chunk of pixels at a time it copies both
/// factors to where the register kernel reads them from the first-level cache, and adds their product. Where a layer
/// has too few blocks to share, the pixels are cut into parts as well, whose sums are added in their order.
package struct PatchWeightGradient: WeightGradientAlgorithm {
  let geometry: ConvolutionGeometry

  /// Columns of the register kernel; 0 where there is none.
  private let kernelWidth = tsr_panel_width()

  package var name: String { "patches" }
  package var products: Int { geometry.macs }

  /// The gradient for a convolution of these sizes.
  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  // MARK: Schedule

  /// Patch rows of a task at most: enough for the 147 of a first layer of 7×7 taps, which are copied fastest whole, and
  /// for sums and copies together to fit a second-level cache of 1 MiB.
  private static let blockRows = 320
  /// Output channels of a task at most.
  private static let blockOutputs = 256
  /// Pixels multiplied at a time, at most: a panel of the gradient and a line of each patch fit the first-level cache.
  private static let chunkPixels = 160
  /// Tasks that suffice to keep all cores of a large machine busy.
  private static let tasks = 16

  /// Patch rows `[KH][KW][I]` of one task: whole taps, or a block of the channels of one tap.
  private struct RowBlock {
    let taps: Range<Int>
    let channels: Range<Int>
    var rows: Int { taps.count * channels.count }
    /// Elements from a packed patch to the next: an odd number of lines, so that patches use all of the cache.
    var pitch: Int { ((rows + 15) / 16 | 1) * 16 }
  }

  /// `range` in the fewest pieces of at most `size`, of about equal size.
  private static func pieces(_ range: Range<Int>, _ size: Int) -> [Range<Int>] {
    let count = (range.count + size - 1) / size
    return (0..<count).map {
      range.lowerBound + $0 * range.count / count..<range.lowerBound + ($0 + 1) * range.count / count
    }
  }

  private var rowBlocks: [RowBlock] {
    let (taps, inputs) = (0..<geometry.taps, 0..<geometry.groupInputs)
    if inputs.count >= Self.blockRows {
      let channels = Self.pieces(inputs, Self.blockRows)
      return taps.flatMap { tap in channels.map { RowBlock(taps: tap..<tap + 1, channels: $0) } }
    }
    return Self.pieces(taps, Self.blockRows / inputs.count).map { RowBlock(taps: $0, channels: inputs) }
  }

  /// Output channels of a group that one product takes: those of a register kernel's panel, or of a whole block.
  private var panelWidth: Int { kernelWidth > 0 ? kernelWidth : Self.blockOutputs }

  private struct Block {
    let group: Int
    let rows: RowBlock
    let outputs: Range<Int>
  }

  private var blocks: [Block] {
    let rowBlocks = rowBlocks
    let outputs = stride(from: 0, to: geometry.groupOutputs, by: Self.blockOutputs).map {
      $0..<min(geometry.groupOutputs, $0 + Self.blockOutputs)
    }
    return (0..<geometry.groups).flatMap { group in
      rowBlocks.flatMap { rows in outputs.map { Block(group: group, rows: rows, outputs: $0) } }
    }
  }

  /// Parts that the pixels are cut into.
  private func parts(_ blocks: Int) -> Int {
    let wanted = (Self.tasks + blocks - 1) / blocks
    return min(wanted, max(1, geometry.outputPixels / (8 * Self.chunkPixels)))
  }

  /// Output channels of the largest block, with those that fill up its last panel.
  private var largestOutputs: Int {
    let panels = (min(Self.blockOutputs, geometry.groupOutputs) + panelWidth - 1) / panelWidth
    return kernelWidth > 0 ? panels * panelWidth : min(Self.blockOutputs, geometry.groupOutputs)
  }
  /// Elements of the sums of a block.
  private var sumCount: Int { (rowBlocks.map(\.rows).max() ?? 0) * largestOutputs }
  private var patchCount: Int { Self.chunkPixels * (rowBlocks.map(\.pitch).max() ?? 0) }
  private var gradientCount: Int { Self.chunkPixels * largestOutputs }

  /// Elements of scratch memory.
  package func workspace(threads: Int) -> Int {
    let blocks = blocks.count
    let parts = parts(blocks)
    return threads * (patchCount + gradientCount) + (parts == 1 ? threads : parts * blocks) * sumCount
  }

  // MARK: Running

  /// Writes the gradient in PyTorch's shape `OIHW`.
  package func run(
    input: TensorView, outputGradient: TensorView, into gradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let blocks = blocks
    let (sumCount, patchCount, gradientCount) = (sumCount, patchCount, gradientCount)
    let parts = parts(blocks.count)
    let scratch = workspace + (parts == 1 ? pool.threads : parts * blocks.count) * sumCount
    let pixels = Self.pieces(0..<geometry.outputPixels, (geometry.outputPixels + parts - 1) / parts)
    pool.forEach(pixels.count * blocks.count) { task, worker in
      let block = blocks[task % blocks.count]
      let sums = workspace + (parts == 1 ? worker : task) * sumCount
      accumulate(
        block, pixels[task / blocks.count], input, outputGradient,
        scratch + worker * (patchCount + gradientCount), gradients: patchCount, into: sums)
      if parts == 1 { finish(block, sums, into: gradient) }
    }
    guard parts > 1 else { return }
    pool.forEach(blocks.count) { index, _ in
      let (sums, step) = (workspace + index * sumCount, blocks.count * sumCount)
      for part in 1..<pixels.count {
        let others = sums + part * step
        for element in 0..<sumCount { sums[element] += others[element] }
      }
      finish(blocks[index], sums, into: gradient)
    }
  }

  /// The product of a block over a range of pixels, as `[panel][row][channel of the panel]`.
  private func accumulate(
    _ block: Block, _ pixels: Range<Int>, _ input: TensorView, _ outputGradient: TensorView,
    _ patches: UnsafeMutablePointer<Float>, gradients offset: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    let gradients = patches + offset
    let first = block.group * geometry.groupInputs
    let channels = first + block.rows.channels.lowerBound..<first + block.rows.channels.upperBound
    let firstOutput = block.group * geometry.groupOutputs
    let outputs = firstOutput + block.outputs.lowerBound..<firstOutput + block.outputs.upperBound
    // Of equal size: sums are read and written for every chunk.
    for chunk in Self.pieces(pixels, Self.chunkPixels) {
      Patches(geometry: geometry).gather(
        input, pixels: chunk, taps: block.rows.taps, channels: channels, into: patches,
        step: block.rows.pitch)
      pack(outputGradient, chunk, block, into: gradients)
      let isLast = chunk.upperBound == pixels.upperBound
      // What the next chunk copies. Of patches only those of one tap, which lie pixel by pixel; of others most is in a
      // cache already.
      var comingGradients = outputGradient.ahead(
        chunk.upperBound, channels: outputs, isWanted: !isLast)
      var comingPatches = input.ahead(
        chunk.upperBound, channels: channels, isWanted: !isLast && geometry.isPointwise)
      for panel in stride(from: 0, to: block.outputs.count, by: panelWidth) {
        let (gradients, sums) = (gradients + panel * Self.chunkPixels, sums + panel * block.rows.rows)
        let width = width(min(panelWidth, block.outputs.count - panel))
        func multiply(_ coming: inout tsr_ahead) {
          self.multiply(
            patches, block.rows, gradients, width, pixels: chunk.count,
            accumulate: chunk.lowerBound > pixels.lowerBound, &coming, into: sums)
        }
        if comingGradients.lines > 0 { multiply(&comingGradients) } else { multiply(&comingPatches) }
      }
    }
  }

  /// Columns of a product for so many outputs, at most a panel.
  private func width(_ outputs: Int) -> Int {
    guard kernelWidth > 0 else { return outputs }
    return outputs <= kernelWidth / 2 ? kernelWidth / 2 : kernelWidth
  }

  /// The channels of a block as `[panel][pixel][channel of the panel]`, filled up with 0.
  private func pack(
    _ view: TensorView, _ pixels: Range<Int>, _ block: Block, into target: UnsafeMutablePointer<Float>
  ) {
    let first = block.group * geometry.groupOutputs + block.outputs.lowerBound
    for pixel in pixels {
      let source = view.pixel(pixel) + first
      for panel in stride(from: 0, to: block.outputs.count, by: panelWidth) {
        let count = min(panelWidth, block.outputs.count - panel)
        let width = width(count)
        let row = target + panel * Self.chunkPixels + (pixel - pixels.lowerBound) * width
        row.update(from: source + panel, count: count)
        if width > count { (row + count).update(repeating: 0, count: width - count) }
      }
    }
  }

  private func multiply(
    _ patches: UnsafePointer<Float>, _ rows: RowBlock, _ gradients: UnsafePointer<Float>, _ width: Int,
    pixels: Int, accumulate: Bool, _ coming: inout tsr_ahead, into sums: UnsafeMutablePointer<Float>
  ) {
    guard kernelWidth > 0 else {
      BLAS.gemm(
        transposeA: true, m: rows.rows, n: width, k: pixels, a: patches, lda: rows.pitch, b: gradients,
        ldb: width, beta: accumulate ? 1 : 0, c: sums, ldc: width)
      return
    }
    tsr_panel_outer_product(
      rows.rows, pixels, width < kernelWidth ? 1 : 0, patches, rows.pitch, gradients, width,
      accumulate ? 1 : 0, &coming, sums, width)
  }

  /// Turns the sums of a block into its place in `OIHW`.
  private func finish(
    _ block: Block, _ sums: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    for panel in stride(from: 0, to: block.outputs.count, by: panelWidth) {
      let outputs = min(panelWidth, block.outputs.count - panel)
      let width = width(outputs)
      if g.taps == 1 {
        let channel = block.group * g.groupOutputs + block.outputs.lowerBound + panel
        tsr_transpose(
          block.rows.rows, outputs, sums + panel * block.rows.rows, width,
          gradient + channel * g.patch + block.rows.channels.lowerBound, g.patch)
        continue
      }
      for output in 0..<outputs {
        let channel = block.group * g.groupOutputs + block.outputs.lowerBound + panel + output
        var source = sums + panel * block.rows.rows + output
        for tap in block.rows.taps {
          let target = gradient + channel * g.patch + tap
          for input in block.rows.channels {
            target[input * g.taps] = source.pointee
            source += width
          }
        }
      }
    }
  }
}

extension TensorView {
  /// Channels of the pixels from `pixel` on, to be fetched before they are read; nothing unless `isWanted`.
  fileprivate func ahead(_ pixel: Int, channels: Range<Int>, isWanted: Bool) -> tsr_ahead {
    guard isWanted else { return tsr_ahead(pixels: nil, step: 0, lines: 0) }
    return tsr_ahead(
      pixels: self.pixel(pixel) + channels.lowerBound, step: pixelStride, lines: (channels.count + 15) / 16)
  }
}
