import Segmentation

/// An error as scripts read it: one line, also where a name in it has line breaks.
struct OneLineError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) { self.init("\(error)") }

  init(_ text: String) {
    description = text.unicodeScalars.reduce(into: "") { text, scalar in
      let isBreak =
        scalar.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains(scalar)
      text += isBreak ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}

/// Why a command could not do what its arguments ask.
enum CommandError: Error, CustomStringConvertible {
  /// A word that is no path of anything, and nearly a subcommand.
  case mistypedSubcommand(_ word: String, meant: String)
  /// Weights that were made for another architecture.
  case otherArchitecture(file: String, expected: String, found: String)
  /// A network that tells something else about an image.
  case otherTask(model: String, expected: Architecture.Task)
  /// Data that a network cannot be trained or measured on.
  case dataOfOtherTask(data: String, model: String, expected: Architecture.Task)
  /// The name of a model that ships where an architecture was expected.
  case shippedModel(name: String, architecture: String)
  /// A network in a file, `place` being its key there, that there is not.
  case unknownModel(file: String, place: String, name: String, known: [String])
  /// Arguments of a network in a file that it cannot be built with.
  case network(file: String, SegmentationError)
  /// Weights that do not say what they are for, and no `--model`.
  case unknownArchitecture(file: String)
  /// Notes for weights that have nowhere to keep them.
  case notesWithoutArchitecture(file: String)
  /// Models that expect different input, and an evaluation that prepares it once.
  case otherNormalization(file: String, first: String)
  /// Labelled data whose classes are not those that a model names.
  case otherClasses(data: String, model: String, expected: [String], found: [String])
  /// A number of classes in a recipe that the data do not have.
  case classesOfData(recipe: String, expected: String, found: String)
  /// A backbone for a network that has none.
  case noBackbone(model: String)
  /// Data with several faults, which were listed before.
  case faults(count: Int)
  /// Regions that are asked for in data without masks.
  case objectsOfLabels(data: String)
  /// A result that would replace a file of the data.
  case outputIsSample(path: String, data: String)
  /// A whole network and a backbone to start from.
  case twoStarts(recipe: String)
  /// A tensor of another form than a network takes.
  case inputTensor(file: String, expected: String, found: String)

  var description: String {
    switch self {
    case .mistypedSubcommand(let word, let meant):
      "\(word): expected an image, a folder or a subcommand, found none of that name; did you mean 'segment \(meant)'?"
    case .otherArchitecture(let file, let expected, let found):
      "\(file): expected weights of \(expected), found those of \(found); use --model \(found)"
    case .otherTask(let model, .classification):
      "\(model): expected a network that gives an image a class, found one that gives every pixel a class; use "
        + "'segment predict'"
    case .otherTask(let model, .segmentation):
      "\(model): expected a network that gives every pixel a class, found one that gives an image a class; use "
        + "'segment classify' or 'segment heatmap'"
    case .dataOfOtherTask(let data, let model, .classification):
      "\(data): expected images with a class each for \(model), found images with masks; use other data, or a network "
        + "that gives every pixel a class"
    case .dataOfOtherTask(let data, let model, .segmentation):
      "\(data): expected images with masks for \(model), found images with a class each; use other data, or a network "
        + "that gives an image a class"
    case .shippedModel(let name, let architecture):
      "--model: expected an architecture, found '\(name)', a \(architecture) that ships; use --weights \(name)"
    case .unknownModel(let file, let place, let name, let known):
      "\(file): \(place): expected one of \(known.joined(separator: ", ")), found '\(name)'; 'segment models' describes "
        + "them"
    case .network(let file, let error):
      "\(file): \(error)"
    case .unknownArchitecture(let file):
      "\(file): expected a checkpoint that names its architecture, found bare weights; name it with --model"
    case .notesWithoutArchitecture(let file):
      "\(file): expected a checkpoint to add notes to, found bare weights; leave --note out"
    case .otherNormalization(let file, let first):
      "\(file): expected the normalisation of \(first), found another; evaluate them one by one"
    case .otherClasses(let data, let model, let expected, let found):
      "\(data): expected the classes of \(model) (\(expected.joined(separator: ", "))), found "
        + "\(found.joined(separator: ", ")); name them alike and in the same order under 'classes:'"
    case .classesOfData(let recipe, let expected, let found):
      "\(recipe): model.classes: expected the \(expected) classes of the data, found \(found); leave it out"
    case .noBackbone(let model):
      "\(model): expected a network that is built on a classifier, found one of its own; start it from a checkpoint of "
        + "its own with 'initial' in the recipe"
    case .faults(let count):
      "data: expected sound samples, found the \(count) faults above; 'segment dataset check' also finds label maps"
    case .objectsOfLabels(let data):
      "--objects: expected data with masks, found \(data) with a class for each image; leave it out"
    case .outputIsSample(let path, let data):
      "\(path): expected another file for the result than those of \(data), found one of its samples; name one with "
        + "--output"
    case .twoStarts(let recipe):
      "\(recipe): expected one of initial and initial_backbone, found both; leave one out"
    case .inputTensor(let file, let expected, let found):
      "\(file): expected a tensor 'input' \(expected), found \(found)"
    }
  }
}
