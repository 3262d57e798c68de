import Layers

/// One of the losses whose sum a training makes small.
public struct LossTerm: Sendable, Equatable {
  /// Which loss, with what parameters.
  public var kind: LossKind
  /// By what it counts in the sum.
  public var weight: Float

  /// A term; see the properties.
  public init(_ kind: LossKind, weight: Float = 1) { (self.kind, self.weight) = (kind, weight) }
}

/// The losses that a recipe can name.
public enum LossKind: Sendable, Equatable {
  /// Cross entropy with a weight for each class, `nil` for 1, and the share of the truth that is spread over all.
  case crossEntropy(weights: [Float]?, smoothing: Float)
  /// Binary cross entropies, each class against the others.
  case binaryCrossEntropy
  /// One less Dice; `smooth` pixels are added above and below.
  case dice(smooth: Float)
  /// One less intersection over union; `smooth` pixels are added above and below.
  case jaccard(smooth: Float)
  /// One less Tversky's index: weights of false positives and false negatives, pixels added above and below.
  case tversky(alpha: Float, beta: Float, smooth: Float)
  /// Lovász-softmax.
  case lovasz
  /// Binary cross entropies of which those that are nearly right count little.
  case focal(gamma: Float, alpha: Float?)
  /// Cross entropy with the U-Net paper's weight map around the regions of class `object`.
  case boundary(object: Int, w0: Float, sigma: Float, weights: [Float]?)
  /// Cross entropy of the pixels whose class has a probability below `threshold`, at least a share `keep` of all.
  case hardPixels(threshold: Float, keep: Float)

  /// A weight for each class, where the loss has them.
  var classWeights: [Float]? {
    switch self {
    case .crossEntropy(let weights, _), .boundary(_, _, _, let weights): weights
    default: nil
    }
  }

  /// The loss as an operator.
  func operation(ignoreIndex: Int?) -> any Operator {
    switch self {
    case .crossEntropy(let weights, let smoothing):
      SoftmaxCrossEntropy(classWeights: weights, ignoreIndex: ignoreIndex, labelSmoothing: smoothing)
    case .binaryCrossEntropy:
      BinaryCrossEntropy(ignoreIndex: ignoreIndex)
    case .dice(let smooth):
      OverlapLoss.dice(smooth: smooth, ignoreIndex: ignoreIndex)
    case .jaccard(let smooth):
      OverlapLoss.jaccard(smooth: smooth, ignoreIndex: ignoreIndex)
    case .tversky(let alpha, let beta, let smooth):
      OverlapLoss(alpha: alpha, beta: beta, smooth: smooth, ignoreIndex: ignoreIndex)
    case .lovasz:
      LovaszSoftmax(ignoreIndex: ignoreIndex)
    case .focal(let gamma, let alpha):
      FocalLoss(gamma: gamma, alpha: alpha, ignoreIndex: ignoreIndex)
    case .boundary(let object, let w0, let sigma, let weights):
      BoundaryCrossEntropy(
        object: object, w0: w0, sigma: sigma, classWeights: weights, ignoreIndex: ignoreIndex)
    case .hardPixels(let threshold, let keep):
      HardPixelCrossEntropy(threshold: threshold, keep: keep, ignoreIndex: ignoreIndex)
    }
  }
}
