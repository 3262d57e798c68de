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
  /// A network that reads neither colour nor gray.
  case channels(model: String)
  /// Another number of weights in the loss than classes.
  case lossWeights(expected: Int, found: Int)
  /// The loss is no longer a number.
  case diverged(epoch: Int, step: Int, rate: Float)
  /// A folder with a training in it, and no `--resume`.
  case outputInUse(folder: String)
  /// Nothing to go on with.
  case nothingToResume(folder: String)
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
      "\(source): expected the \(model) classes of the model, found \(data); set model.classes or other data"
    case .inputOfMasks(let source):
      "input: expected images with a class each, found the masks of \(source), which keep their size; leave 'input' out, "
        + "and use 'crop' or 'resize' under 'augment:'"
    case .channels(let model):
      "\(model): expected a network of one image in colour or gray, found another input; choose another model"
    case .lossWeights(let expected, let found):
      "loss.weights: expected a weight for each of \(expected) classes, found \(found)"
    case .diverged(let epoch, let step, let rate):
      "epoch \(epoch), step \(step): expected a finite loss, found none at learning rate \(rate); lower "
        + "optimiser.rate, and go on from best.safetensors"
    case .outputInUse(let folder):
      "\(folder): expected a new folder, found a training in it; go on with --resume or choose another --output"
    case .nothingToResume(let folder):
      "\(folder): expected state.safetensors of a training to resume, found none; leave --resume out"
    case .stateMismatch(let file, let expected, let found):
      "\(file): expected the state of \(expected), found that of \(found); use the recipe it was made with"
    }
  }
}
