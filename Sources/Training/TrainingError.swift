import Datasets
import Files
import Graphs
import Weights

/// Why training or evaluation stopped.
public enum TrainingError: Error, CustomStringConvertible {
  /// The data or the recipe.
  case data(DatasetError)
  /// A recipe that fits neither the network nor the data.
  case recipe(file: String, RecipeProblem)
  /// The network.
  case graph(GraphError)
  /// A checkpoint.
  case weights(WeightsError)
  /// A file.
  case file(FileError)
  /// A network with another number of classes than the data.
  case classCount(model: Int, data: Int, source: String)
  /// A network that reads neither colour nor gray.
  case channels(model: String)
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
    case .recipe(let file, let problem): "\(file): \(problem)"
    case .graph(let error): error.description
    case .weights(let error): error.description
    case .file(let error): error.description
    case .classCount(let model, let data, let source):
      "\(source): expected the \(model) classes of the model, found \(data); use other data, or a model of their classes"
    case .channels(let model):
      "\(model): expected a network of one image in colour or gray, found another input; choose another model"
    case .diverged(let epoch, let step, let rate):
      "epoch \(epoch), step \(step): expected a finite loss, found none at learning rate \(rate); "
        + (epoch > 1
          ? "lower optimiser.rate, and go on from best.safetensors"
          : "lower optimiser.rate, or check the data")
    case .stoppedInValidation:
      "validation: expected to measure all samples, was asked to stop"
    case .outputInUse(let folder):
      "\(folder): expected a new folder, found a training in it; go on with --resume or choose another --output"
    case .nothingToResume(let folder):
      "\(folder): expected state.safetensors of a training to resume, found none; leave --resume out"
    case .stateDamaged(let file):
      "\(file): expected the values that were written, found others by their checksum"
    case .stateMismatch(let file, let expected, let found):
      "\(file): expected the state of \(expected), found that of \(found); use the recipe and the data it was made with"
    }
  }
}
