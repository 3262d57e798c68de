import Augmentation

/// What of a recipe does not fit the network or the data; `TrainingError.recipe` says in which.
public enum RecipeProblem: Error, Sendable, CustomStringConvertible {
  /// A step of the augmentation.
  case augmentation(AugmentationError)
  /// A size under `input:` for images whose masks must keep their place.
  case inputOfMasks(source: String)
  /// A name under `freeze:` that no layer has.
  case frozenName(String, layers: [String])
  /// All layers frozen.
  case nothingToTrain(frozen: [String])
  /// Cached features of a network that is trained from its first layer on.
  case nothingToCache(layers: [String])
  /// Cached features of samples that change.
  case cachedAugmentation(step: String)
  /// Another number of weights in the loss than classes.
  case lossWeights(expected: Int, found: Int)

  /// Under which key, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .augmentation(let error): error.description
    case .inputOfMasks(let source):
      "input: expected images with a class each, found the masks of \(source), which keep their size; leave "
        + "'input' out, and use 'crop' or 'resize' under 'augment:'"
    case .frozenName(let name, let layers):
      "freeze: expected names of layers (\(layers.joined(separator: ", "))), or what they start with up to a dot, "
        + "found '\(name)'"
    case .nothingToTrain(let frozen):
      "freeze: expected a layer that is left to train, found all frozen by "
        + "\(frozen.joined(separator: ", ")); leave one out"
    case .nothingToCache(let layers):
      "cache_features: expected frozen layers from the first on, found none; name them under 'freeze:' "
        + "(\(layers.joined(separator: ", ")))"
    case .cachedAugmentation(let step):
      "cache_features: expected samples that are the same in every epoch, found '\(step)' under 'augment:'; "
        + "remove it, or leave 'cache_features' out"
    case .lossWeights(let expected, let found):
      "loss.weights: expected a weight for each of \(expected) classes, found \(found)"
    }
  }
}
