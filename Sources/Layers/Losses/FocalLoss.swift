import Foundation
import TensorCore

/// The focal loss of Lin et al. 2017 (arXiv:1708.02002, equation 5): binary cross entropies, each class against the
/// others, of which those that are nearly right count little, `α_t (1 − p_t)^γ (−log p_t)`.
///
/// The mean over all classes of all pixels that count.
public struct FocalLoss: LogitsLoss {
  /// How fast what is nearly right loses its weight; 0 for not at all.
  public let gamma: Float
  /// The weight of a class where it is true, and 1 less it where it is not, in `0...1`; `nil` for 1 and 1.
  public let alpha: Float?
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A focal loss.
  public init(gamma: Float = 2, alpha: Float? = nil, ignoreIndex: Int? = nil) {
    (self.gamma, self.alpha, self.ignoreIndex) = (gamma, alpha, ignoreIndex)
  }

  /// `focal_loss`.
  public var label: String { "focal_loss" }

  /// Throws for a gamma below 0 or an alpha outside of `0...1`.
  public func checkSettings(classes: Int) throws(LayerError) {
    guard gamma >= 0, gamma.isFinite else {
      throw .setting(
        operator: label, name: "gamma in percent", expected: "of 0 or more", found: percent(gamma))
    }
    if let alpha, !(alpha >= 0 && alpha <= 1) {
      throw .setting(
        operator: label, name: "alpha in percent", expected: "of 0 to 100", found: percent(alpha))
    }
  }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let classes = pass.classes
    let (own, others) = (alpha ?? 1, alpha.map { 1 - $0 } ?? 1)
    let sums = pass.sum(2) { range, sums in
      for pixel in range {
        let label = pass.labels[pixel]
        if label < 0 {
          pass.clear(pixel)
          continue
        }
        let (row, gradient) = (pass.logits.pixel(pixel), pass.gradient.pixel(pixel))
        for index in 0..<classes {
          let (sign, weight): (Float, Float) = index == label ? (1, own) : (-1, others)
          let odds = SignedLogit(sign * row[index])
          let focus = weight * (gamma == 2 ? odds.complement * odds.complement : pow(odds.complement, gamma))
          sums[0] += Double(focus * odds.crossEntropy)
          gradient[index] =
            -sign * focus * (gamma * odds.probability * odds.crossEntropy + odds.complement)
        }
        sums[1] += 1
      }
    }
    guard sums[1] > 0 else { return 0 }
    let count = sums[1] * Double(classes)
    pass.scale(by: Float(1 / count))
    return sums[0] / count
  }
}
