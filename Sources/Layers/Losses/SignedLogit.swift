import Foundation

/// A logit turned so that more is right: the probability that it gives to the truth, without loss at either end.
struct SignedLogit {
  /// σ(z), the probability of the truth.
  let probability: Float
  /// 1 − σ(z).
  let complement: Float
  /// −log σ(z).
  let crossEntropy: Float

  /// Of `z`, the logit where the class is true and its negative where it is not.
  @inline(__always)
  init(_ z: Float) {
    let small = exp(-abs(z))
    let large = 1 / (1 + small)
    probability = z >= 0 ? large : small * large
    complement = z >= 0 ? small * large : large
    crossEntropy = log1p(small) + (z < 0 ? -z : 0)
  }
}
