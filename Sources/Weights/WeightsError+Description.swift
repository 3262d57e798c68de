import Files

extension WeightsError: CustomStringConvertible {
  /// Where, what was expected, what was found, and how to mend it: one line.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notWeights(let file, let found):
      "\(file): expected a safetensors or PyTorch file, found \(found.words); check that this is the right file"
    case .notSafetensors(let file, let found):
      "\(file): expected a safetensors file, found \(found.words); check that this is the right file"
    case .tooSmall(let file, let bytes):
      "\(file): expected a safetensors file, found \(bytes) bytes, fewer than the 8 of the header's length"
    case .headerTooLarge(let file, let bytes, let limit):
      "\(file): expected a safetensors header of at most \(limit) bytes, found \(bytes); "
        + "check that it is a safetensors file"
    case .headerBeyondFile(let file, let header, let bytes):
      "\(file): expected a safetensors header of \(header) bytes, found a file of \(bytes); "
        + "it is cut off or not a safetensors file"
    case .headerNotUTF8(let file):
      "\(file): expected a safetensors header in UTF-8, found other bytes"
    case .headerSyntax(let file, let offset, let expected, let found):
      "\(file): expected \(expected) at byte \(offset) of the safetensors header, found \(found)"
    case .headerOutweighsFile(let file, let limit):
      "\(file): expected a safetensors header that takes at most \(limit) bytes of memory, found more entries or text; "
        + "check that this is a file of weights"
    case .duplicateKey(let file, let key):
      "\(file): expected each key of the safetensors header once, found \(shown(key)) twice"
    case .unknownKey(let file, let tensor, let key):
      "\(file): \(shown(tensor)): expected dtype, shape and data_offsets, found \(shown(key))"
    case .incompleteEntry(let file, let tensor):
      "\(file): \(shown(tensor)): expected dtype, shape and two data_offsets, found fewer or more"
    case .unknownElementType(let file, let tensor, let found):
      "\(file): \(shown(tensor)): expected a dtype of the safetensors format, found \(shown(found))"
    case .sizeOverflow(let file, let tensor):
      "\(file): \(shown(tensor)): expected a size in whole bytes that can be counted, found another"
    case .wrongByteCount(let file, let tensor, let type, let shape, let expected, let found):
      "\(file): \(shown(tensor)): expected \(expected) bytes for \(type.rawValue) \(shape), found \(found)"
    case .gapOrOverlap(let file, let tensor, let expected, let found):
      "\(file): \(shown(tensor)): expected to start at byte \(expected), after the tensor before it, "
        + "found \(found)"
    case .uncoveredBytes(let file, let expected, let found):
      "\(file): expected \(expected) bytes of tensors, found \(found); it is cut off or has been added to"
    case .pytorch(let file, let problem): "\(file): \(problem)"
    case .noSuchTensor(let file, let tensor, let available):
      "\(file): expected a tensor \(shown(tensor)), found \(some(available))"
    case .notReadable(let file, let tensor, let type):
      "\(file): \(shown(tensor)): expected F32, F16, BF16, F64 or integers, found \(type.rawValue); "
        + "convert the file"
    case .integerParameter(let file, let tensor, let type):
      "\(file): \(shown(tensor)): expected floating-point numbers in a parameter, found \(type.rawValue)"
    case .inexact(let file, let tensor, let value):
      "\(file): \(shown(tensor)): expected integers that a 32-bit float holds exactly, found \(value)"
    case .outOfRange(let tensor, let type, let value):
      "\(shown(tensor)): expected values in the range of \(type.rawValue), found \(value); store F32"
    case .nameTaken(let tensor):
      "\(shown(tensor)): expected a name of its own for each tensor, found it taken"
    case .headerOutgrown(let bytes, let limit):
      "names and metadata: expected at most \(limit) bytes in a safetensors header, found \(bytes); "
        + "shorten the notes"
    case .metadata(let file, let key, let expected, let found):
      "\(file): \(key): expected \(expected), found \(shown(found))"
    case .parametersDiffer(let file, let model, let report):
      "\(file): expected the \(report.wanted) parameters of \(model), found \(report.differences); "
        + "use the model and the arguments, such as classes, that the file was made for"
    case .backboneDiffers(let file, let model, let report):
      "\(file): expected the \(report.wanted) parameters of \(model)'s backbone, found \(report.differences); "
        + "name a file of the classifier that the model is built on"
    case .renamedTwice(let file, let name, let first, let second):
      "\(file): expected one tensor for \(shown(name)), found \(shown(first)) and \(shown(second))"
    case .noModelFolder(let searched):
      "models that ship: expected the folder Tessera_Weights.resources beside the program, found none in "
        + "\(searched.joined(separator: ", ")); put it there or give --weights FILE"
    case .noSuchModel(let name, let available):
      "\(shown(name)): expected a file or a model that ships, found \(some(available)); "
        + "'segment models' lists them"
    }
  }
}

/// A name from a file, made safe for one line: control characters escaped, cut after 80 characters.
func shown(_ name: String) -> String {
  var result = ""
  for scalar in name.unicodeScalars.prefix(80) {
    result += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return name.unicodeScalars.count > 80 ? result + "…" : result
}

/// The first three of `names`, or `none`.
func some(_ names: [String]) -> String {
  names.isEmpty ? "none" : names.prefix(3).map(shown).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
}
