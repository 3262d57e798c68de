import TensorCore

/// One less the overlap of probabilities and truth, the mean over classes: the losses of Dice, Jaccard and Tversky.
///
/// For a class, TP is the sum of its probabilities where it is true, FP where it is not, and FN the sum of what is
/// missing to 1 where it is; all pixels of a batch count together. The overlap is Tversky's index
/// `(TP + s) / (TP + α FP + β FN + s)` (Salehi et al. 2017, arXiv:1706.05721); α = β = ½ is Dice (Milletari et al. 2016,
/// arXiv:1606.04797, without squares), α = β = 1 Jaccard. A class that truth has not adds 0 to the mean over all C, as
/// in segmentation_models.pytorch.
public struct OverlapLoss: LogitsLoss {
  /// The weight of what is predicted and not true.
  public let alpha: Float
  /// The weight of what is true and not predicted.
  public let beta: Float
  /// s: what is added above and below, in pixels.
  public let smooth: Float
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A loss of Tversky's index; `alpha` and `beta` are at least 0 and not both 0.
  public init(alpha: Float, beta: Float, smooth: Float = 0, ignoreIndex: Int? = nil) {
    (self.alpha, self.beta, self.smooth, self.ignoreIndex) = (alpha, beta, smooth, ignoreIndex)
  }

  /// The loss of Dice, `(TP + s) / (½ |A| + ½ |B| + s)`.
  public static func dice(smooth: Float = 0, ignoreIndex: Int? = nil) -> Self {
    Self(alpha: 0.5, beta: 0.5, smooth: smooth, ignoreIndex: ignoreIndex)
  }

  /// The loss of intersection over union, `(TP + s) / (|A ∪ B| + s)`.
  public static func jaccard(smooth: Float = 0, ignoreIndex: Int? = nil) -> Self {
    Self(alpha: 1, beta: 1, smooth: smooth, ignoreIndex: ignoreIndex)
  }

  /// `overlap_loss`.
  public var label: String { "overlap_loss" }

  /// Throws for weights or a smoothing below 0, or weights that are both 0.
  public func checkSettings(classes: Int) throws(LayerError) {
    guard alpha >= 0, beta >= 0, alpha + beta > 0, alpha.isFinite, beta.isFinite else {
      throw .setting(
        operator: label, name: "alpha and beta, their sum in percent,", expected: "of more than 0",
        found: percent(alpha + beta))
    }
    guard smooth >= 0, smooth.isFinite else {
      throw .setting(
        operator: label, name: "smooth in percent", expected: "of 0 or more", found: percent(smooth))
    }
  }

  /// TP, the probabilities and the truths of each class.
  public func sums(classes: Int) -> Int { 3 * classes }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let classes = pass.classes
    pass.writeProbabilities()
    let sums = pass.sum(3 * classes) { range, sums in
      for pixel in range {
        let label = pass.labels[pixel]
        if label < 0 { continue }
        let p = pass.gradient.pixel(pixel)
        sums[label] += Double(p[label])
        sums[2 * classes + label] += 1
        for index in 0..<classes { sums[classes + index] += Double(p[index]) }
      }
    }
    var loss = 0.0
    // What a class's probability changes: everywhere, and besides where the class is true.
    var slopes = [Float](repeating: 0, count: 2 * classes)
    let (alpha, beta, smooth) = (Double(alpha), Double(beta), Double(smooth))
    for index in 0..<classes where sums[2 * classes + index] > 0 {
      let (hits, found, truths) = (sums[index], sums[classes + index], sums[2 * classes + index])
      let above = hits + smooth
      let below = max(hits + alpha * (found - hits) + beta * (truths - hits) + smooth, 1e-7)
      loss += (1 - above / below) / Double(classes)
      let scale = 1 / (below * below * Double(classes))
      slopes[index] = Float(above * alpha * scale)
      slopes[classes + index] = Float((above * (1 - alpha - beta) - below) * scale)
    }
    slopes.withUnsafeBufferPointer { slopes in
      pass.forEachChunk { range in
        for pixel in range {
          let label = pass.labels[pixel]
          if label < 0 {
            pass.clear(pixel)
            continue
          }
          let row = pass.gradient.pixel(pixel)
          let own = slopes[classes + label]
          var mean = row[label] * own
          for index in 0..<classes { mean += row[index] * slopes[index] }
          let hit = row[label] * own
          for index in 0..<classes { row[index] *= slopes[index] - mean }
          row[label] += hit
        }
      }
    }
    return loss
  }
}
