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
  /// Input channels of a task.
  private static let blockInputs = 60

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
    let blocks = (geometry.inputChannels + Self.blockInputs - 1) / Self.blockInputs
    func channels(_ block: Int) -> Range<Int> {
      block * Self.blockInputs..<min(geometry.inputChannels, (block + 1) * Self.blockInputs)
    }
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
      if isDeep {
        pool.forEach(blocks * panels.count) { task, worker in
          let (block, panel) = (channels(task / panels.count), task % panels.count)
          let target = sums + worker * blockCount
          let step = block.count * panels[panel].width
          for product in 0..<transform.products {
            multiply(
              inputs, outputs, product, pass.count, block, panel, accumulate: false,
              into: target + product * step)
          }
          finish(target, step, block, panel, into: gradient)
        }
      } else {
        pool.forEach(transform.products * blocks) { task, _ in
          let (product, block) = (task / blocks, channels(task % blocks))
          for panel in panels.indices {
            multiply(
              inputs, outputs, product, pass.count, block, panel, accumulate: first > 0,
              into: sumsOf(sums, panel, product) + block.lowerBound * panels[panel].width)
          }
        }
      }
    }
    guard !isDeep else { return }
    pool.forEach(blocks * panels.count) { task, _ in
      let (block, panel) = (channels(task / panels.count), task % panels.count)
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

  /// The sum over tiles of one product, for a block of input channels and a panel of output channels.
  private func multiply(
    _ inputs: UnsafePointer<Float>, _ outputs: UnsafePointer<Float>, _ product: Int, _ tiles: Int,
    _ block: Range<Int>, _ panel: Int, accumulate: Bool, into target: UnsafeMutablePointer<Float>
  ) {
    tsr_panel_outer_product(
      block.count, tiles, panels[panel].isHalf ? 1 : 0,
      inputs + product * passTiles * inputPitch + block.lowerBound, inputPitch,
      outputs + product * passTiles * outputPitch + panels[panel].channels.lowerBound, outputPitch,
      accumulate ? 1 : 0, nil, target, panels[panel].width)
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
