/// What is wrong with a file of PyTorch's; `WeightsError.pytorch` says in which.
public enum PyTorchProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The zip archive, or the `entry` in it.
  case archive(entry: String?, expected: String, found: String)
  /// The parts that a file of PyTorch before 1.6 has in a row.
  case layout(expected: String, found: String)
  /// The pickle; `offset` counts the file's bytes.
  case pickle(offset: Int, expected: String, found: String)
  /// A pickle whose values would take more memory than the file has bytes.
  case tooManyValues(limit: Int)
  /// A pickle that calls something which makes no tensor.
  case call(of: String)
  /// A pickle of an object, such as a whole module, in place of its parameters.
  case object(of: String)
  /// A name in a pickle that no tensor needs.
  case name(String)
  /// No dictionary of tensors.
  case noStateDictionary(found: String)
  /// A tensor that does not lie in its storage, or is not what it should be.
  case tensor(name: String, expected: String, found: String)
  /// Tensors that share storages and together are larger than the file, in bytes.
  case expanded(bytes: Int, limit: Int)

  /// What was expected, what was found, and how to mend it.
  public var description: String {
    switch self {
    case .archive(let entry, let expected, let found):
      (entry.map { "\(shown($0)): " } ?? "") + "expected \(expected), found \(found)"
    case .layout(let expected, let found):
      "expected \(expected), found \(found)"
    case .pickle(let offset, let expected, let found):
      "expected \(expected) at byte \(offset), in the pickle, found \(found)"
    case .tooManyValues(let limit):
      "expected a pickle whose values take at most \(limit) bytes of memory, found more; \(Self.remedy)"
    case .call(let name):
      "expected tensors only, found a call of '\(shown(name))'; \(Self.remedy)"
    case .object(let name):
      "expected a state dictionary, found an object of '\(shown(name))'; \(Self.remedy)"
    case .name(let name):
      "expected tensors only, found '\(shown(name))'; \(Self.remedy)"
    case .noStateDictionary(let found):
      "expected a state dictionary, found \(found); \(Self.remedy)"
    case .tensor(let name, let expected, let found):
      "\(shown(name)): expected \(expected), found \(found)"
    case .expanded(let bytes, let limit):
      "expected tensors of at most \(limit) bytes, found \(bytes), because they share storages; save copies of them"
    }
  }

  private static let remedy = "save the parameters alone, torch.save(model.state_dict(), 'model.pth')"
}
