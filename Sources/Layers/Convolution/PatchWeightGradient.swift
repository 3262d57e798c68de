import CKernels
import TensorCore

/// The gradient of a convolution's weight: patchesᵀ · output gradient, summed over all output pixels.
///
/// A task owns a block of rows by a block of columns. For a chunk of pixels at a time it copies both factors to where the
/// register kernel reads them from the first-level cache, and adds their product. Where a layer has too few blocks to
/// share, the pixels are cut into parts as well, whose sums are added in their order.
///
/// Rows are the elements of a patch and columns output channels; of a pointwise convolution rows are output channels and
/// columns input channels, so that the sums lie as the weight does.
package struct PatchWeightGradient: WeightGradientAlgorithm {
  let geometry: ConvolutionGeometry

  private let schedule: Schedule
  /// Columns of the register kernel; 0 where there is none.
  private let kernelWidth: Int
  /// Columns that one product takes: those of the register kernel, or of a whole block.
  private let panelWidth: Int
  private var chunkPixels: Int { Schedule.chunkPixels }

  package var name: String { "patches" }
  package var products: Int { geometry.macs }

  /// The gradient for a convolution of these sizes.
  package init(geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (inputs, outputs) = (geometry.groupInputs, geometry.groupOutputs)
    kernelWidth = tsr_panel_width()
    schedule = Schedule(
      geometry, rowChannels: geometry.isPointwise ? outputs : inputs,
      columnChannels: geometry.isPointwise ? inputs : outputs, kernelWidth: kernelWidth)
    panelWidth = kernelWidth > 0 ? kernelWidth : schedule.columns
  }

  /// Elements of the sums of a block.
  private var sumCount: Int { schedule.rows * schedule.columns }
  private var rowCount: Int { chunkPixels * schedule.pitch }
  private var columnCount: Int { chunkPixels * schedule.columns }

  /// Elements of scratch memory.
  package func workspace(threads: Int) -> Int {
    let sums = schedule.parts == 1 ? threads : schedule.parts * schedule.blocks.count
    return threads * (rowCount + columnCount) + sums * sumCount
  }

  /// Writes the gradient in PyTorch's shape `OIHW`.
  package func run(
    input: TensorView, outputGradient: TensorView, into gradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let (blocks, parts) = (schedule.blocks, schedule.parts)
    let (sumCount, rowCount, columnCount) = (sumCount, rowCount, columnCount)
    let scratch = workspace + (parts == 1 ? pool.threads : parts * blocks.count) * sumCount
    let pixels = (0..<geometry.outputPixels).pieces(of: (geometry.outputPixels + parts - 1) / parts)
    pool.forEach(pixels.count * blocks.count) { task, worker in
      let block = blocks[task % blocks.count]
      let sums = workspace + (parts == 1 ? worker : task) * sumCount
      let rows = scratch + worker * (rowCount + columnCount)
      accumulate(
        block, pixels[task / blocks.count], input, outputGradient, rows, rows + rowCount, into: sums)
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

  /// The product of a block over a range of pixels, as `[panel][row][column of the panel]`.
  private func accumulate(
    _ block: Block, _ pixels: Range<Int>, _ input: TensorView, _ outputGradient: TensorView,
    _ rows: UnsafeMutablePointer<Float>, _ columns: UnsafeMutablePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let (rowView, columnView) = g.isPointwise ? (outputGradient, input) : (input, outputGradient)
    let (rowGroup, columnGroup) =
      g.isPointwise ? (g.groupOutputs, g.groupInputs) : (g.groupInputs, g.groupOutputs)
    let rowChannels = block.rows.channels.shifted(by: block.group * rowGroup)
    let columnChannels = block.columns.shifted(by: block.group * columnGroup)
    // Of equal size: sums are read and written for every chunk.
    for chunk in pixels.pieces(of: chunkPixels) {
      Patches(geometry: g).gather(
        rowView, pixels: chunk, taps: block.rows.taps, channels: rowChannels, into: rows,
        step: block.rows.pitch)
      tsr_copy_panels(
        chunk.count, columnChannels.count, kernelWidth > 0 ? panelWidth : columnChannels.count,
        columnView.pixel(chunk.lowerBound) + columnChannels.lowerBound, columnView.pixelStride, columns,
        chunkPixels * panelWidth)
      let isLast = chunk.upperBound == pixels.upperBound
      // What the next chunk copies. Of rows only those that lie pixel by pixel; of patches of several taps most is in a
      // cache already.
      var coming = (
        columnView.ahead(chunk.upperBound, channels: columnChannels, isWanted: !isLast),
        rowView.ahead(chunk.upperBound, channels: rowChannels, isWanted: !isLast && g.isPointwise)
      )
      for panel in stride(from: 0, to: block.columns.count, by: panelWidth) {
        multiply(
          rows, block.rows, columns + panel * chunkPixels,
          width(min(panelWidth, block.columns.count - panel)),
          pixels: chunk.count, accumulate: chunk.lowerBound > pixels.lowerBound, &coming,
          into: sums + panel * block.rows.count)
      }
    }
  }

  /// Columns of a product for so many channels, at most a panel.
  private func width(_ channels: Int) -> Int {
    guard kernelWidth > 0 else { return channels }
    return channels <= panelWidth / 2 ? panelWidth / 2 : panelWidth
  }

  private func multiply(
    _ rows: UnsafePointer<Float>, _ block: RowBlock, _ columns: UnsafePointer<Float>, _ width: Int,
    pixels: Int, accumulate: Bool, _ coming: inout (tsr_ahead, tsr_ahead),
    into sums: UnsafeMutablePointer<Float>
  ) {
    guard kernelWidth > 0 else {
      BLAS.gemm(
        transposeA: true, m: block.count, n: width, k: pixels, a: rows, lda: block.pitch, b: columns,
        ldb: width, beta: accumulate ? 1 : 0, c: sums, ldc: width)
      return
    }
    PanelOuterProduct.run(
      block.count, pixels, isHalf: width < panelWidth, (rows, block.pitch), (columns, width),
      accumulate: accumulate, asking: &coming, into: sums, step: width)
  }

  /// Copies the sums of a block to their place in `OIHW`.
  private func finish(
    _ block: Block, _ sums: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    for panel in stride(from: 0, to: block.columns.count, by: panelWidth) {
      let columns = min(panelWidth, block.columns.count - panel)
      let width = width(columns)
      let sums = sums + panel * block.rows.count
      let first = block.columns.lowerBound + panel
      if g.isPointwise {
        for row in 0..<block.rows.count {
          let channel = block.group * g.groupOutputs + block.rows.channels.lowerBound + row
          (gradient + channel * g.patch + first).update(from: sums + row * width, count: columns)
        }
        continue
      }
      if g.taps == 1 {
        tsr_transpose(
          block.rows.count, columns, sums, width,
          gradient + (block.group * g.groupOutputs + first) * g.patch + block.rows.channels.lowerBound,
          g.patch)
        continue
      }
      for column in 0..<columns {
        let kernel = gradient + (block.group * g.groupOutputs + first + column) * g.patch
        var source = sums + column
        for tap in block.rows.taps {
          for input in block.rows.channels {
            kernel[input * g.taps + tap] = source.pointee
            source += width
          }
        }
      }
    }
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}

extension TensorView {
  /// Channels of the pixels from `pixel` on, to be fetched before they are read; nothing unless `isWanted`.
  fileprivate func ahead(_ pixel: Int, channels: Range<Int>, isWanted: Bool) -> tsr_ahead {
    guard isWanted else { return .none }
    return tsr_ahead(self.pixel(pixel) + channels.lowerBound, step: pixelStride, elements: channels.count)
  }
}
