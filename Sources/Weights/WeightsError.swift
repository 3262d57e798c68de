import Files
import TensorCore

/// Why weights were not read, written or found.
public enum WeightsError: Error, Equatable {
  /// The file system refused.
  case file(FileError)

  /// A file of another kind than weights.
  case notWeights(file: String, found: FileKind)
  /// A file of another kind than safetensors.
  case notSafetensors(file: String, found: FileKind)

  // The header of a safetensors file.

  /// Fewer than the 8 bytes that hold the header's length.
  case tooSmall(file: String, bytes: Int)
  /// A header longer than the format allows.
  case headerTooLarge(file: String, bytes: UInt64, limit: Int)
  /// A header that would end after the file.
  case headerBeyondFile(file: String, header: Int, bytes: Int)
  /// A header that is not UTF-8.
  case headerNotUTF8(file: String)
  /// A header that is not the JSON that the format asks for; `offset` counts its bytes.
  case headerSyntax(file: String, offset: Int, expected: String, found: String)
  /// A header whose entries would take more memory than the file has bytes.
  case headerOutweighsFile(file: String, limit: Int)
  /// A key that stands twice.
  case duplicateKey(file: String, key: String)
  /// A key of an entry that the format does not know.
  case unknownKey(file: String, tensor: String, key: String)
  /// An entry without one of its three parts, or with other than two offsets.
  case incompleteEntry(file: String, tensor: String)
  /// An element type that the format does not know.
  case unknownElementType(file: String, tensor: String, found: String)
  /// A number of bytes beyond what can be counted, or not whole.
  case sizeOverflow(file: String, tensor: String)
  /// Offsets that are not those of the shape.
  case wrongByteCount(
    file: String, tensor: String, type: ElementType, shape: Shape, expected: Int, found: Int)
  /// A tensor that starts elsewhere than where the one before it ends.
  case gapOrOverlap(file: String, tensor: String, expected: Int, found: Int)
  /// Tensors that end elsewhere than the file.
  case uncoveredBytes(file: String, expected: Int, found: Int)

  /// A file of PyTorch's.
  case pytorch(file: String, PyTorchProblem)

  // Tensors.

  /// No tensor of that name.
  case noSuchTensor(file: String, tensor: String, available: [String])
  /// An element type without a reader.
  case notReadable(file: String, tensor: String, type: ElementType)
  /// A parameter of integers, which would be rounded by training and are no weights.
  case integerParameter(file: String, tensor: String, type: ElementType)
  /// An integer that a `Float` does not hold exactly.
  case inexact(file: String, tensor: String, value: String)
  /// A finite value that the element type would make infinite.
  case outOfRange(tensor: String, type: ElementType, value: Float)
  /// A tensor's name that is given twice, or that the format keeps for itself.
  case nameTaken(tensor: String)
  /// Names and metadata that need a longer header than readers take.
  case headerOutgrown(bytes: Int, limit: Int)

  // Checkpoints and loading.

  /// Metadata of a checkpoint that cannot be understood.
  case metadata(file: String, key: String, expected: String, found: String)
  /// Parameters that are not those of the model.
  case parametersDiffer(file: String, model: String, report: LoadReport)
  /// A file that is not of the classifier that a model is built on; the report is about the backbone's parameters.
  case backboneDiffers(file: String, model: String, report: LoadReport)
  /// Two tensors that rename rules give one name.
  case renamedTwice(file: String, name: String, first: String, second: String)

  // Models that ship.

  /// No folder of models beside the program.
  case noModelFolder(searched: [String])
  /// No model of that name.
  case noSuchModel(name: String, available: [String])
}
