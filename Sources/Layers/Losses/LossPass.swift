import CKernels
import Foundation
import TensorCore

/// The classes of pixels.
public struct PixelLabels {
  private let view: TensorView
  private let classes: Float
  private let ignored: Float

  /// Labels `[N, H, W, 1]` of so many classes.
  init(_ view: TensorView, classes: Int, ignored: Int?) {
    self.view = view
    self.classes = Float(classes)
    self.ignored = Float(ignored ?? -1)
  }

  /// The class of pixel `index`, counted over N, H and W; -1 where it does not count.
  @inline(__always)
  subscript(index: Int) -> Int {
    let label = view.pixel(index).pointee
    guard label >= 0, label < classes, label != ignored else { return -1 }
    let whole = Int(label)
    return Float(whole) == label ? whole : -1
  }
}

/// Everything that a loss gets, with the loops that losses share.
///
/// The gradient's memory serves for the probabilities first: each step from one to the other is taken in place.
public struct LossPass {
  /// Where things lie in a workspace, in elements; sums in `Double` come first, where memory is aligned.
  struct Layout {
    let tiles: Int
    let gradient: Int
    let scratch: Int

    init(_ logits: Shape, sums: Int, threads: Int) {
      tiles = PixelChunks(logits).count * sums * 2
      gradient = tiles + threads * Int(TSR_TILE) * logits.channels
      scratch = gradient + logits.count
    }
  }

  /// `[N, H, W, C]`.
  let logits: TensorView
  /// The classes of their pixels.
  let labels: PixelLabels
  /// `[N, H, W, C]` without gaps, to be written whole.
  let gradient: TensorView
  /// The threads to run on.
  let pool: ThreadPool
  private let workspace: UnsafeMutablePointer<Float>
  private let layout: Layout

  init(
    logits: TensorView, labels: PixelLabels, gradient: TensorView, pool: ThreadPool,
    workspace: UnsafeMutablePointer<Float>, layout: Layout
  ) {
    (self.logits, self.labels, self.gradient, self.pool) = (logits, labels, gradient, pool)
    (self.workspace, self.layout) = (workspace, layout)
  }

  /// C.
  var classes: Int { logits.channels }
  /// N·H·W.
  var pixels: Int { logits.pixels }
  /// Memory of the loss's own.
  var scratch: UnsafeMutablePointer<Float> { workspace + layout.scratch }

  /// Calls `body` for chunks of pixels, on all threads.
  func forEachChunk(_ body: (Range<Int>) -> Void) {
    let chunks = PixelChunks(logits.shape)
    pool.forEach(chunks.count) { index, _ in body(chunks[index]) }
  }

  /// Sums over all pixels: those of each chunk by themselves, added in the order of the chunks.
  ///
  /// - Parameter body: adds the pixels of a chunk to `count` numbers that start at 0.
  func sum(_ count: Int, _ body: (Range<Int>, UnsafeMutablePointer<Double>) -> Void) -> [Double] {
    let chunks = PixelChunks(logits.shape)
    let partials = UnsafeMutableRawPointer(workspace).bindMemory(
      to: Double.self, capacity: chunks.count * count)
    pool.forEach(chunks.count) { index, _ in
      let sums = partials + index * count
      sums.update(repeating: 0, count: count)
      body(chunks[index], sums)
    }
    var total = [Double](repeating: 0, count: count)
    for index in 0..<chunks.count {
      for place in 0..<count { total[place] += partials[index * count + place] }
    }
    return total
  }

  /// Writes softmax's probabilities into `gradient`.
  func writeProbabilities() {
    let chunks = PixelChunks(logits.shape)
    let tile = Int(TSR_TILE) * classes
    let tiles = workspace + layout.tiles
    pool.forEach(chunks.count) { index, worker in
      let range = chunks[index]
      tsr_softmax(
        range.count, classes, logits.pixel(range.lowerBound), logits.pixelStride,
        gradient.pixel(range.lowerBound), gradient.pixelStride, tiles + worker * tile)
    }
  }

  /// The cross entropy of a pixel whose probabilities stand in `gradient`, finite for all finite logits.
  @inline(__always)
  func crossEntropy(_ pixel: Int, _ label: Int) -> Double {
    let (row, p) = (logits.pixel(pixel), gradient.pixel(pixel))
    var best = 0
    for index in 1..<classes where row[index] > row[best] { best = index }
    // The normaliser is the largest logit less the logarithm of its probability, which is at least 1/C.
    return Double(row[best]) - Double(row[label]) - log(Double(p[best]))
  }

  /// Turns the probabilities of a pixel into the gradient of its cross entropy times `weight`.
  @inline(__always)
  func differentiate(_ pixel: Int, _ label: Int, weight: Float) {
    let row = gradient.pixel(pixel)
    for index in 0..<classes { row[index] *= weight }
    row[label] -= weight
  }

  /// Writes 0 to the gradient of a pixel.
  @inline(__always)
  func clear(_ pixel: Int) { gradient.pixel(pixel).update(repeating: 0, count: classes) }
}
