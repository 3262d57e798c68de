import Foundation
import TensorCore

/// The mean cross entropy of the pixels that a network finds hard: online hard example mining (Shrivastava et al. 2016,
/// arXiv:1604.03540, for pixels as in BiSeNet's training).
///
/// Hard are pixels whose true class gets a probability below `threshold`; where these are fewer than the share `keep`
/// of the pixels that count, the share of the largest losses is taken instead.
public struct HardPixelCrossEntropy: LogitsLoss {
  /// The probability of the true class from which on a pixel is easy, in `0...1`.
  public let threshold: Float
  /// The least share of pixels that are taken, in `0...1`.
  public let keep: Float
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A mean over hard pixels.
  public init(threshold: Float = 0.7, keep: Float = 0.0625, ignoreIndex: Int? = nil) {
    (self.threshold, self.keep, self.ignoreIndex) = (threshold, keep, ignoreIndex)
  }

  /// `hard_pixel_cross_entropy`.
  public var label: String { "hard_pixel_cross_entropy" }

  /// Throws for a threshold or a share outside of `0...1`.
  public func checkSettings(classes: Int) throws(LayerError) {
    for (name, value) in [("threshold in percent", threshold), ("keep in percent", keep)]
    where !(value >= 0 && value <= 1) {
      throw .setting(operator: label, name: name, expected: "of 0 to 100", found: percent(value))
    }
  }

  /// A loss for each pixel, and keys and pixels twice.
  public func scratch(for logits: Shape, threads: Int) -> Int { 5 * logits.pixels }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let losses = pass.scratch
    pass.writeProbabilities()
    let limit = Float(-log(Double(max(threshold, 1e-30))))
    let sums = pass.sum(2) { range, sums in
      for pixel in range {
        let label = pass.labels[pixel]
        losses[pixel] = -1
        if label >= 0 {
          let loss = Float(pass.crossEntropy(pixel, label))
          losses[pixel] = loss < 0 ? 0 : loss
          sums[0] += 1
        }
        if losses[pixel] > limit { sums[1] += 1 }
      }
    }
    let least = max(1, Int(sums[0] * Double(keep)))
    guard sums[0] > 0 else {
      pass.forEachChunk { range in for pixel in range { pass.clear(pixel) } }
      return 0
    }
    // Of equal losses the first pixels are taken.
    var bound = (loss: limit, last: -1)
    if sums[1] < Double(least) { bound = Self.bound(of: least, pass, losses) }
    func isHard(_ pixel: Int) -> Bool {
      losses[pixel] > bound.loss || (losses[pixel] == bound.loss && pixel <= bound.last)
        || losses[pixel].isNaN
    }
    let taken = pass.sum(2) { range, sums in
      for pixel in range where isHard(pixel) {
        sums[0] += Double(losses[pixel])
        sums[1] += 1
      }
    }
    let weight = Float(1 / taken[1])
    pass.forEachChunk { range in
      for pixel in range {
        if isHard(pixel) {
          pass.differentiate(pixel, pass.labels[pixel], weight: weight)
        } else {
          pass.clear(pixel)
        }
      }
    }
    return taken[0] / taken[1]
  }

  /// The smallest of the `count` largest losses, and the last pixel with it that is among them.
  private static func bound(
    of count: Int, _ pass: LossPass, _ losses: UnsafeMutablePointer<Float>
  ) -> (loss: Float, last: Int) {
    let pixels = pass.pixels
    let memory = UnsafeMutableRawPointer(losses + pixels).bindMemory(to: UInt32.self, capacity: 4 * pixels)
    var valid = 0
    for pixel in 0..<pixels where pass.labels[pixel] >= 0 {
      memory[valid] = DescendingSort.key(losses[pixel])
      memory[pixels + valid] = UInt32(truncatingIfNeeded: pixel)
      valid += 1
    }
    let sorted = memory + 3 * pixels
    DescendingSort.sort(
      valid, keys: memory, items: memory + pixels, otherKeys: memory + 2 * pixels, otherItems: sorted)
    let last = Int(sorted[count - 1])
    return (losses[last], last)
  }
}
