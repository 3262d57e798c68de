import Foundation
import TensorCore

/// Blends every sample of a batch with another of it, by one share for all, while the loss looks at the truths of both
/// (Zhang et al. 2018, arXiv:1710.09412, equation 1).
///
/// The share λ is drawn from Beta(α, α) for each batch, as in the authors' program. Truths are not blended: for labels
/// λ L(x, a) + (1 − λ) L(x, b) is the paper's loss, and for masks every loss that a recipe can name has a meaning.
public struct MixUp: Sendable {
  /// α: how often the shares are nearly equal; near 0 one of the two has nearly all.
  public let alpha: Float

  /// Shares of Beta(α, α).
  public init(alpha: Float) {
    precondition(alpha > 0, "a beta distribution has a shape above 0")
    self.alpha = alpha
  }

  /// The share of each sample's own picture and truth, 0…1 (Jöhnk 1964).
  public func share(random: inout RandomStream) -> Float {
    let power = 1 / Double(alpha)
    while true {
      let first = pow(Double(random.uniform()), power)
      let second = pow(Double(random.uniform()), power)
      guard first + second <= 1, first + second > 0 else { continue }
      // To 16 bits, so that a last-bit difference between C libraries does not show.
      return Float((first / (first + second) * 0x1p16).rounded() * 0x1p-16)
    }
  }
}
