import Convolutionalization
import Files
import Graphs
import Images
import Weights

/// Why an image was not segmented or its result not written.
public enum InferenceError: Error, CustomStringConvertible {
  /// The image.
  case image(ImageError)
  /// The network on that image.
  case graph(name: String, GraphError)
  /// The weights.
  case weights(WeightsError)
  /// A file.
  case file(FileError)
  /// A folder without images.
  case noImages(folder: String, others: [String: Int] = [:])
  /// Weights that a network of images cannot use: it takes other than three channels.
  case channels(model: String, found: Int)
  /// No weights for a model: none given, none shipped.
  case noWeights(model: String, shipped: [String])
  /// A model that cannot be averaged with another, because its classes are others.
  case otherClasses(name: String, of: String, expected: [String], found: [String])
  /// A result format that there is not.
  case unknownFormat(name: String, known: [String])
  /// An output file for several results.
  case outputIsFile(path: String, results: Int)
  /// A folder of pictures that cannot be looked into.
  case input(InputProblem)
  /// A result's name that belongs to a picture which is to be segmented as well.
  case resultIsInput(path: String)
  /// A result's name under which a file stands that nobody knows to be the picture's result.
  case resultExists(path: String)
  /// A result's file name whose ending says another format.
  case outputEnding(path: String, expected: String, format: String)
  /// Work on a picture that was given up, because all was to end.
  case stopped
  /// A list without paths.
  case emptyList
  /// A list of lines in which there are null bytes.
  case nullBytes(list: String)
  /// A part of the inputs that there is not.
  case shard(String)
  /// A part of inputs whose results lie in several folders, where no manifest can tell what is done.
  case shardWithoutFolder
  /// A file with the name of a job's manifest that is something else.
  case notAManifest(path: String)
  /// A result that would replace its picture.
  case outputIsInput(path: String)
  /// A classifier that cannot slide over a picture.
  case convolutionalization(name: String, ConvolutionalizationError)
  /// A picture smaller than what a classifier was trained on, in pixels.
  case pictureTooSmall(name: String, expected: Checkpoint.Size, width: Int, height: Int)
  /// Probabilities that are no numbers.
  case notFinite(model: String, image: String)
  /// No class of that index or name; `option` is the flag that named it.
  case unknownClass(name: String, classes: [String], option: String)
  /// A threshold for a network of more or less than two classes.
  case threshold(model: String, classes: Int)
  /// Kinds of views that are not averaged.
  case unknownViews(name: String, known: [String])
  /// A picture that needs more bytes than there may be; `reason` tells why it has to be in memory whole, if that is so.
  case memory(
    name: String, width: Int, height: Int, needed: Int, budget: Int, reason: WholePictureReason? = nil)

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .image(let error): error.description
    case .graph(let name, let error): "\(name): \(error)"
    case .weights(let error): error.description
    case .file(let error): error.description
    case .noImages(let folder, let others) where others.isEmpty:
      "\(folder): expected PNG or JPEG images, found none; name a folder that has some"
    case .noImages(let folder, let others):
      "\(folder): expected PNG or JPEG images, found \(others.endingList) files; save them as PNG or JPEG"
    case .channels(let model, let found):
      "\(model): expected a network of 3 input channels, found \(found)"
    case .noWeights(let model, let shipped):
      "\(model): expected weights, found none that ship for it"
        + (shipped.isEmpty ? "" : " (\(shipped.joined(separator: ", ")) do)")
        + "; name a file with --weights, or train one with 'segment train'"
    case .otherClasses(let name, let other, let expected, let found):
      "\(name): expected the \(expected.count) classes of \(other) (\(Self.some(expected))), found \(found.count) "
        + "(\(Self.some(found))); average checkpoints of the same classes"
    case .unknownFormat(let name, let known):
      "--format: expected \(known.joined(separator: ", ")), found '\(name)'"
    case .outputIsInput(let path):
      "\(path): expected another file for the result than the picture, found the picture; name one with --output"
    case .convolutionalization(let name, let error): "\(name): \(error)"
    case .pictureTooSmall(let name, let expected, let width, let height):
      "\(name): expected a picture of at least \(expected.width)×\(expected.height) pixels, the size of the network's "
        + "training, found \(width)×\(height); enlarge it, or use 'segment classify'"
    case .notFinite(let model, let image):
      "\(image): expected probabilities, found values that are no numbers; the weights of \(model) are damaged, or "
        + "belong to another network"
    case .unknownClass(let name, let classes, let option):
      "\(option): expected a class, \(Self.many(classes)), or an index of 0…\(classes.count - 1), found '\(name)'"
    case .threshold(let model, let classes):
      "--threshold: expected a network of 2 classes, found \(model) with \(classes); leave it out"
    case .unknownViews(let name, let known):
      "--tta: expected \(known.joined(separator: ", ")), found '\(name)'"
    case .memory(let name, let width, let height, let needed, let budget, let reason):
      "\(name): expected at most \(budget >> 20) MiB of memory, found a need of \(needed >> 20 + 1) MiB for "
        + "\(width)×\(height) pixels; raise --max-memory, \(reason?.advice ?? "ask for fewer formats"), or use a smaller "
        + "picture"
    case .input(.unreadableFolder(let path, let reason)):
      "\(path): expected a folder that can be read, found: \(reason)"
    case .input(.name(let path)):
      "\(path): expected a name in UTF-8, found other bytes, shown as \\xNN; rename it"
    case .input(.outsideRoot(let path, let root)):
      "\(path): expected a path below --root \(root), found one beside it; name a folder that has all listed images"
    case .resultIsInput(let path):
      "\(path): expected a free name for the result, found an image that was given, too; choose another --output"
    case .resultExists(let path):
      "\(path): expected a free name, or the image's result of an earlier run, found another file; move it, choose "
        + "another --output, or replace it with --overwrite"
    case .outputEnding(let path, let expected, let format):
      "--output: expected a name that ends in \(expected) for the format \(format), or a folder, found '\(path)'"
    case .stopped: "expected to go on, found a request to stop"
    case .emptyList:
      "--files-from: expected paths of images, a line for each, found none"
    case .nullBytes(let list):
      "\(list): expected a path on each line, found null bytes; use --null for paths that end with them"
    case .shard(let text):
      "--shard: expected I/N with I of 1…N, such as 1/8, found '\(text)'"
    case .shardWithoutFolder:
      "--shard: expected one folder for all results, found pictures of several; name it with --output"
    case .notAManifest(let path):
      "\(path): expected the manifest of an earlier run, found another file; move it, or choose another --output"
    case .outputIsFile(let path, let results):
      "\(path): expected a folder for \(results) results, found the name of a file; name a folder with --output"
    }
  }

  private static func many(_ names: [String]) -> String {
    names.prefix(24).joined(separator: ", ") + (names.count > 24 ? ", …" : "")
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}

extension [String: Int] {
  /// Numbers of files by their endings, the most frequent first: `8 .tif, 2 .webp`.
  public var endingList: String {
    sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) .\($0.key)" }.joined(
      separator: ", ")
  }
}
