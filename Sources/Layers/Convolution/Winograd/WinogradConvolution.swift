import CKernels
import TensorCore

/// Convolution of 3×3 or 7×7 taps at stride 1 by Winograd's minimal filtering: tiles of the input are transformed to t² products,
/// each product is a matrix product over channels, and sums are transformed to tiles of the output.
///
/// A wide layer has many tiles and few weights: a task takes a block of tiles through all three steps in its own
/// cache. A deep layer has few tiles and many weights: all tiles are transformed first, and a task takes a panel of
/// output channels, so that each weight is read once for some forty tiles.
package struct WinogradConvolution: PoolingAlgorithm {
  let geometry: ConvolutionGeometry
  let transform: WinogradTransform
  /// Applied to the sum with the bias.
  let activation: Activation
  /// Whether the stored weight belongs to the convolution whose gradient this is, so that packing turns it.
  let isGradient: Bool

  /// Whether weights are transformed before they are run with; otherwise each panel's are when it is its turn.
  let packsWeights: Bool

  private let tiling: WinogradTiling
  let panels: [ChannelPanel]

  package init(
    _ geometry: ConvolutionGeometry, _ transform: WinogradTransform, activation: Activation = .identity,
    isGradient: Bool = false, packsWeights: Bool = true
  ) {
    self.geometry = geometry
    self.packsWeights = packsWeights
    self.transform = transform
    self.activation = activation
    self.isGradient = isGradient
    tiling = WinogradTiling(geometry, transform)
    panels = ChannelPanel.panels(of: geometry.outputChannels)
  }

  /// The transforms of a convolution: none unless the kernels exist on this processor, and it is 3×3 or 7×7 at stride 1
  /// in one group.
  package static func transforms(of geometry: ConvolutionGeometry) -> [WinogradTransform] {
    guard tsr_panel_width() > 0, geometry.stride == 1, geometry.groups == 1 else { return [] }
    return WinogradTransform.allCases.filter { geometry.kernel == Pair($0.taps, $0.taps) }
  }

  package var name: String { transform.name }
  package var products: Int {
    tiling.count * transform.products * geometry.inputChannels * geometry.outputChannels
  }
  package var packing: String { isGradient ? "\(name)-turned" : name }
  package var packedCount: Int { packsWeights ? transformedCount : 0 }
  /// Elements of all transformed weights.
  var transformedCount: Int {
    transform.products * geometry.inputChannels * ChannelPanel.padded(geometry.outputChannels)
  }

  /// Where no cache holds the transformed weights until they are read, and one task reads those of a panel for all tiles,
  /// it does better to transform them itself.
  package var forChangingWeights: (any Algorithm)? {
    guard packsWeights, !isBlocked, passTiles == tiling.count, transformedCount > Self.distantElements else {
      return nil
    }
    return WinogradConvolution(
      geometry, transform, activation: activation, isGradient: isGradient, packsWeights: false)
  }

  // MARK: Schedule

  /// Elements of tiles and sums of a task that leave room for weights in a second-level cache of 1 MiB.
  private static let blockElements = 160 * 1024
  /// Elements of transformed weights that every block of tiles may read anew from the third-level cache.
  private static let sharedElements = 2 * 1024 * 1024
  /// Elements of transformed tiles that are kept at a time for all panels to read.
  private static let passElements = 3 * 1024 * 1024
  /// Elements of weights that are read from memory for every pass.
  private static let largeElements = 32 * 1024 * 1024
  /// Tiles that a panel's weights are read for at a time, at most.
  private static let chunkTiles = 40
  /// Tasks that a pass is cut into where it has few panels, as long as they have a few tiles each.
  private static let passTasks = 4

  /// Whether a task takes a block of tiles through all steps.
  private var isBlocked: Bool {
    packsWeights
      && transform.products * geometry.inputChannels * geometry.outputChannels <= Self.sharedElements
      && tiling.count >= 16 * blockTiles
  }

  /// Tiles of a block.
  private var blockTiles: Int {
    let fitting = Self.blockElements / (transform.products * (pitch + panels[0].width))
    return max(10, min(40, fitting / 10 * 10))
  }

  /// Tiles that are transformed before panels read them.
  private var passTiles: Int {
    // More weights than caches hold are read for as many tiles as still fit the third-level one.
    let elements = transformedCount > Self.largeElements ? 3 * Self.passElements / 2 : Self.passElements
    let fitting = max(Self.chunkTiles, elements / (transform.products * pitch))
    // Of equal size: a last pass of a few tiles would read all weights for them.
    let passes = (tiling.count + fitting - 1) / fitting
    return (tiling.count + passes - 1) / passes
  }

  /// Tiles of a task of a pass: of about equal size, so that none is left with a sliver.
  private var taskTiles: Int {
    let tiles = passTiles
    let wanted = max((tiles + Self.chunkTiles - 1) / Self.chunkTiles, (Self.passTasks - 1) / panels.count + 1)
    let chunks = max(1, min(wanted, tiles / 4))
    return (tiles + chunks - 1) / chunks
  }

  /// Elements from a transformed tile to the next: whole vectors, and not a large power of two, whose multiples would
  /// fight for the same few lines of the first-level cache.
  private var pitch: Int {
    let vectors = (geometry.inputChannels + 15) / 16 * 16
    return vectors % 128 == 0 ? vectors + 16 : vectors
  }

  private func productStep(_ tiles: Int) -> Int { tiles * pitch + 16 }
  private func sumStep(_ tiles: Int) -> Int { tiles * panels[0].width + 16 }
  /// Elements of a full panel's transformed weights.
  var panelElements: Int { panels[0].width * transform.products * geometry.inputChannels }

  package func workspace(threads: Int) -> Int {
    if isBlocked {
      return threads * transform.products * (productStep(blockTiles) + sumStep(blockTiles))
    }
    let kernels = packsWeights ? 0 : panelElements
    return transform.products * (productStep(passTiles) + threads * sumStep(taskTiles)) + threads * kernels
  }

  // MARK: Running

  /// Where sums go, and what is added to them on the way.
  private struct Target {
    let bias: UnsafePointer<Float>?
    let addend: TensorView?
    let output: TensorView
    let pooled: PooledOutput?
  }

  /// Dense ones whose activation comes with the sums: a window of 2×2 lies in one tile then.
  package var pools: Bool {
    geometry.dilation == 1 && transform != .twoOfSeven && (activation == .relu || activation == .identity)
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, pooled: PooledOutput?, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let target = Target(bias: bias, addend: addend, output: output, pooled: pooled)
    if isBlocked {
      let tiles = blockTiles
      let scratch = transform.products * (productStep(tiles) + sumStep(tiles))
      pool.forEach((tiling.count + tiles - 1) / tiles) { block, worker in
        let range = block * tiles..<min(tiling.count, (block + 1) * tiles)
        let products = workspace + worker * scratch
        let sums = products + transform.products * productStep(tiles)
        expand(input, range, into: products, step: productStep(tiles))
        // The block that this thread is likely to take next.
        let next = min(tiling.count, (block + pool.threads) * tiles)
        let coming = tiling.rows(input, next..<min(tiling.count, next + tiles))
        for index in panels.indices {
          multiply(
            products, productStep(tiles), tiles: range.count, panel: index,
            packed + index * panelElements, into: sums, sumStep(tiles)
          ) { product in
            coming?.part(index * transform.products + product, of: panels.count * transform.products)
          }
          finish(sums, sumStep(tiles), range, panel: index, target)
        }
      }
      return
    }
    let (tiles, chunk) = (passTiles, taskTiles)
    let sumsOfWorker = transform.products * sumStep(chunk)
    let allSums = workspace + transform.products * productStep(tiles)
    for first in stride(from: 0, to: tiling.count, by: tiles) {
      let pass = first..<min(tiling.count, first + tiles)
      pool.forEachChunk(of: pass.count, size: 2) { pair in
        for tile in pair {
          transform.expand(
            TSR_WINOGRAD_INPUT, channels: geometry.inputChannels, tiling.input(input, first + tile),
            into: workspace + tile * pitch, step: productStep(tiles))
        }
      }
      func run(_ start: Int, panel index: Int, _ weights: UnsafePointer<Float>, worker: Int) {
        let range = first + start..<min(pass.upperBound, first + start + chunk)
        let sums = allSums + worker * sumsOfWorker
        multiply(
          workspace + start * pitch, productStep(tiles), tiles: range.count, panel: index, weights,
          into: sums, sumStep(chunk)
        ) { product in
          // The tiles of the next product.
          guard product + 1 < transform.products else { return nil }
          let next = workspace + start * pitch + (product + 1) * productStep(tiles)
          return UnsafeBufferPointer(start: next, count: range.count * pitch)
        }
        finish(sums, sumStep(chunk), range, panel: index, target)
      }
      guard packsWeights else {
        pool.forEach(panels.count) { index, worker in
          let kernels = allSums + pool.threads * sumsOfWorker + worker * panelElements
          pack(packed, panel: index, inputs: 0..<geometry.inputChannels, into: kernels, streams: false)
          for start in stride(from: 0, to: pass.count, by: chunk) {
            run(start, panel: index, kernels, worker: worker)
          }
        }
        continue
      }
      let chunks = (pass.count + chunk - 1) / chunk
      pool.forEach(panels.count * chunks) { task, worker in
        let index = task / chunks
        run(task % chunks * chunk, panel: index, packed + index * panelElements, worker: worker)
      }
    }
  }

  private func expand(
    _ input: TensorView, _ tiles: Range<Int>, into products: UnsafeMutablePointer<Float>, step: Int
  ) {
    for tile in tiles {
      transform.expand(
        TSR_WINOGRAD_INPUT, channels: geometry.inputChannels, tiling.input(input, tile),
        into: products + (tile - tiles.lowerBound) * pitch, step: step)
    }
  }

  /// The t² matrix products of tiles with a panel of weights, which ask for the next product's weights and for what
  /// `coming` tells of each.
  private func multiply(
    _ products: UnsafePointer<Float>, _ productStep: Int, tiles: Int, panel index: Int,
    _ weights: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>, _ sumStep: Int,
    asking coming: (_ product: Int) -> UnsafeBufferPointer<Float>?
  ) {
    let panel = panels[index]
    var window = tsr_window(pixelsOf: geometry.inputChannels, step: pitch)
    for product in 0..<transform.products {
      window.next_weights =
        product + 1 < transform.products
        ? weights + (product + 1) * geometry.inputChannels * panel.width : nil
      let elements = coming(product)
      (window.next_input, window.next_elements) = (elements?.baseAddress, elements?.count ?? 0)
      tsr_panel_product(
        tiles, panel.isHalf ? 1 : 0, products + product * productStep, &window,
        weights + product * geometry.inputChannels * panel.width, nil, sums + product * sumStep, panel.width)
    }
  }

  private func finish(
    _ sums: UnsafePointer<Float>, _ sumStep: Int, _ tiles: Range<Int>, panel index: Int, _ target: Target
  ) {
    let panel = panels[index]
    let output = target.output.channels(panel.channels)
    let addend = target.addend?.channels(panel.channels)
    let pooled = target.pooled.map { ($0.view.channels(panel.channels), $0.isAlone) }
    let streams = target.output.isStreamed(with: activation)
    for tile in tiles {
      let patch = tiling.output(output, tile)
      let other = addend.map { tiling.output($0, tile) }
      transform.reduce(
        channels: output.channels, sums + (tile - tiles.lowerBound) * panel.width, step: sumStep,
        finish: tsr_finish(
          bias: target.bias.map { $0 + panel.channels.lowerBound },
          lowest: activation == .relu ? 0 : -.infinity,
          addend: other.map { UnsafePointer($0.pixel) }, addend_step: other?.grid.pixel_step ?? 0,
          addend_row_step: other?.grid.row_step ?? 0, streams: streams ? 1 : 0),
        pooled: pooled.map { tiling.pooled($0, tile, alone: $1) }, into: patch)
      if activation != .relu && activation != .identity { activate(patch, output.channels) }
    }
    if streams { tsr_end_streams() }
  }

  private func activate(_ patch: WinogradPatch, _ channels: Int) {
    let grid = patch.grid
    for row in grid.top..<max(grid.top, grid.bottom) {
      for column in grid.left..<max(grid.left, grid.right) {
        activation.apply(patch.pixel + row * grid.row_step + column * grid.pixel_step, channels)
      }
    }
  }
}
