import CKernels
import TensorCore

/// The gradient of a 3×3 weight by Winograd's minimal filtering: products of transformed input tiles and transformed
/// tiles of the output's gradient, summed over tiles, and transformed to 3×3.
///
/// A deep layer has few tiles: all are transformed, and a task sums a block of the weights in its own cache. A wide
/// layer has few weights: the sums of all stay in memory while passes of tiles are added to them in order.
package struct WinogradWeightGradient: WeightGradientAlgorithm {
  let geometry: ConvolutionGeometry
  let transform: WinogradTransform

  private let tiling: WinogradTiling
  private let panels: [ChannelPanel]

  package init(_ geometry: ConvolutionGeometry, _ transform: WinogradTransform) {
    (self.geometry, self.transform) = (geometry, transform)
    tiling = WinogradTiling(geometry, transform)
    panels = ChannelPanel.panels(of: geometry.outputChannels)
  }

  package var name: String { transform.name }
  package var products: Int {
    tiling.count * transform.products * geometry.inputChannels * geometry.outputChannels
  }

  // MARK: Schedule

  /// Elements of transformed tiles of a pass, meant for the third-level cache.
  private static let passElements = 2 * 1024 * 1024
  /// Input channels of a task at most.
  private static let blockInputs = 64

  /// Whether sums of all weights would take more memory than all tiles.
  private var isDeep: Bool {
    let (i, o) = (geometry.inputChannels, geometry.outputChannels)
    return tiling.count * (i + o) <= 2 * i * o
  }

  private var passTiles: Int {
    let fitting = Self.passElements / (transform.products * (inputPitch + outputPitch))
    return isDeep ? tiling.count : min(tiling.count, max(64, min(512, fitting)))
  }

  private var inputPitch: Int { (geometry.inputChannels + 15) / 16 * 16 + 16 }
  private var outputPitch: Int { (geometry.outputChannels + 31) / 32 * 32 + 16 }
  private var sumCount: Int {
    transform.products * geometry.inputChannels * ChannelPanel.padded(geometry.outputChannels)
  }
  private var blockCount: Int { transform.products * Self.blockInputs * panels[0].width }

  package func workspace(threads: Int) -> Int {
    transform.products * passTiles * (inputPitch + outputPitch)
      + (isDeep ? threads * blockCount : sumCount)
  }

  // MARK: Running

  package func run(
    input: TensorView, outputGradient: TensorView, into gradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let tiles = passTiles
    let inputs = workspace
    let outputs = inputs + transform.products * tiles * inputPitch
    let sums = outputs + transform.products * tiles * outputPitch
    // Of equal size: the factors of a sliver are read for little.
    let blocks = (0..<geometry.inputChannels).pieces(of: Self.blockInputs)
    for first in stride(from: 0, to: tiling.count, by: tiles) {
      let pass = first..<min(tiling.count, first + tiles)
      pool.forEachChunk(of: pass.count, size: 2) { pair in
        for tile in pair {
          transform.expand(
            TSR_WINOGRAD_INPUT, channels: geometry.inputChannels, tiling.input(input, first + tile),
            into: inputs + tile * inputPitch, step: tiles * inputPitch)
          transform.expand(
            TSR_WINOGRAD_OUTPUT_GRADIENT, channels: geometry.outputChannels,
            tiling.output(outputGradient, first + tile), into: outputs + tile * outputPitch,
            step: tiles * outputPitch)
        }
      }
      let factors = Factors(
        inputs: inputs, inputPitch: inputPitch, outputs: outputs, outputPitch: outputPitch, tiles: tiles)
      if isDeep {
        pool.forEach(blocks.count * panels.count) { task, worker in
          let (block, panel) = (blocks[task / panels.count], task % panels.count)
          let target = sums + worker * blockCount
          let step = block.count * panels[panel].width
          for product in 0..<transform.products {
            var coming = (tsr_ahead.none, tsr_ahead.none)
            if product + 1 < transform.products {
              coming = (factors.panel(panels[panel], product + 1), factors.block(block, product + 1))
            }
            multiply(
              factors, product, pass.count, block, panel, accumulate: false, asking: &coming,
              into: target + product * step)
          }
          finish(target, step, block, panel, into: gradient)
        }
      } else {
        let count = transform.products * blocks.count
        pool.forEach(count) { task, _ in
          let (product, block) = (task / blocks.count, blocks[task % blocks.count])
          // The task that this thread is likely to take next.
          let next = task + pool.threads
          for panel in panels.indices {
            var coming = (tsr_ahead.none, tsr_ahead.none)
            if panel + 1 < panels.count {
              coming.0 = factors.panel(panels[panel + 1], product)
            } else if next < count {
              coming = (
                factors.panel(panels[0], next / blocks.count),
                factors.block(blocks[next % blocks.count], next / blocks.count)
              )
            }
            multiply(
              factors, product, pass.count, block, panel, accumulate: first > 0, asking: &coming,
              into: sumsOf(sums, panel, product) + block.lowerBound * panels[panel].width)
          }
        }
      }
    }
    guard !isDeep else { return }
    pool.forEach(blocks.count * panels.count) { task, _ in
      let (block, panel) = (blocks[task / panels.count], task % panels.count)
      finish(
        sumsOf(sums, panel, 0) + block.lowerBound * panels[panel].width,
        geometry.inputChannels * panels[panel].width, block, panel, into: gradient)
    }
  }

  /// Sums lie as `[panel][product][I][channel of the panel]`.
  private func sumsOf(
    _ sums: UnsafeMutablePointer<Float>, _ panel: Int, _ product: Int
  ) -> UnsafeMutablePointer<Float> {
    sums + panel * panels[0].width * transform.products * geometry.inputChannels
      + product * geometry.inputChannels * panels[panel].width
  }

  /// Transformed tiles of a pass.
  private struct Factors {
    let inputs: UnsafePointer<Float>
    let inputPitch: Int
    let outputs: UnsafePointer<Float>
    let outputPitch: Int
    /// Tiles from the first one of a product to that of the next.
    let tiles: Int

    func input(_ product: Int) -> UnsafePointer<Float> { inputs + product * tiles * inputPitch }
    func output(_ product: Int) -> UnsafePointer<Float> { outputs + product * tiles * outputPitch }

    /// What a product reads of a block of input channels.
    func block(_ channels: Range<Int>, _ product: Int) -> tsr_ahead {
      tsr_ahead(input(product) + channels.lowerBound, step: inputPitch, elements: channels.count)
    }

    /// What a product reads of a panel of output channels.
    func panel(_ panel: ChannelPanel, _ product: Int) -> tsr_ahead {
      tsr_ahead(output(product) + panel.channels.lowerBound, step: outputPitch, elements: panel.width)
    }
  }

  /// The sum over tiles of one product, for a block of input channels and a panel of output channels.
  private func multiply(
    _ factors: Factors, _ product: Int, _ tiles: Int, _ block: Range<Int>, _ panel: Int, accumulate: Bool,
    asking coming: inout (tsr_ahead, tsr_ahead), into target: UnsafeMutablePointer<Float>
  ) {
    PanelOuterProduct.run(
      block.count, tiles, isHalf: panels[panel].isHalf,
      (factors.input(product) + block.lowerBound, factors.inputPitch),
      (factors.output(product) + panels[panel].channels.lowerBound, factors.outputPitch),
      accumulate: accumulate, asking: &coming, into: target, step: panels[panel].width)
  }

  /// Transforms the sums of a block of weights to PyTorch's `OIHW`.
  private func finish(
    _ sums: UnsafePointer<Float>, _ step: Int, _ block: Range<Int>, _ panel: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let (width, taps) = (panels[panel].width, geometry.taps)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: block.count * taps * width) { kernels in
      guard let kernels = kernels.baseAddress else { return }
      for i in block.indices {
        let offset = i - block.lowerBound
        transform.reduce(
          channels: width, sums + offset * width, step: step,
          toGradient: .kernel(kernels + offset * taps * width, taps: transform.taps, step: width))
      }
      for (o, channel) in panels[panel].channels.enumerated() {
        let target = gradient + (channel * geometry.inputChannels + block.lowerBound) * taps
        for index in 0..<block.count * taps { target[index] = kernels[index * width + o] }
      }
    }
  }
}
