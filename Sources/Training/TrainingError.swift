import Augmentation
import Datasets
import Files
import Graphs
import Weights

/// Why training or evaluation stopped.
public enum TrainingError: Error, CustomStringConvertible {
  /// The data or the recipe.
  case data(DatasetError)
  /// A step of the augmentation.
  case augmentation(AugmentationError)
  /// The network.
  case graph(GraphError)
  /// A checkpoint.
  case weights(WeightsError)
  /// A file.
  case file(FileError)
  /// A network with another number of classes than the data.
  case classCount(model: Int, data: Int, source: String)
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
  /// A network that reads neither colour nor gray.
  case channels(model: String)
  /// Another number of weights in the loss than classes.
  case lossWeights(expected: Int, found: Int)
  /// The loss is no longer a number.
  case diverged(epoch: Int, step: Int, rate: Float)
  /// Asked to end while validation was under way.
  case stoppedInValidation
  /// A folder with a training in it, and no `--resume`.
  case outputInUse(folder: String)
  /// Nothing to go on with.
  case nothingToResume(folder: String)
  /// Saved state whose values are not those that were written.
  case stateDamaged(file: String)
  /// Saved state that does not belong to the recipe.
  case stateMismatch(file: String, expected: String, found: String)

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .data(let error): error.description
    case .augmentation(let error): error.description
    case .graph(let error): error.description
    case .weights(let error): error.description
    case .file(let error): error.description
    case .classCount(let model, let data, let source):
      "\(source): expected the \(model) classes of the model, found \(data); use other data, or a model of their classes"
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
    case .channels(let model):
      "\(model): expected a network of one image in colour or gray, found another input; choose another model"
    case .lossWeights(let expected, let found):
      "loss.weights: expected a weight for each of \(expected) classes, found \(found)"
    case .diverged(let epoch, let step, let rate):
      "epoch \(epoch), step \(step): expected a finite loss, found none at learning rate \(rate); lower "
        + "optimiser.rate, and go on from best.safetensors"
    case .stoppedInValidation:
      "validation: expected to measure all samples, was asked to stop"
    case .outputInUse(let folder):
      "\(folder): expected a new folder, found a training in it; go on with --resume or choose another --output"
    case .nothingToResume(let folder):
      "\(folder): expected state.safetensors of a training to resume, found none; leave --resume out"
    case .stateDamaged(let file):
      "\(file): expected the values that were written, found others by their checksum"
    case .stateMismatch(let file, let expected, let found):
      "\(file): expected the state of \(expected), found that of \(found); use the recipe it was made with"
    }
  }
}
