/// The tensors of a model among what was saved with them.
struct StateDictionary {
  /// Names and tensors in the file's order.
  let tensors: [(name: String, tensor: StoredTensor)]
  /// The keys under which the dictionary lies; none when it is what was saved.
  let path: [String]
  /// Keys beside it and on the way to it, in the file's order.
  let leftOut: [String]

  /// Keys under which training programs save a state dictionary beside other things, the likeliest first.
  static let keys = [
    "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "params", "weights",
  ]
  /// Dictionaries in one another on the way to the tensors.
  private static let depthLimit = 8

  /// The state dictionary in `content`.
  ///
  /// - Throws: `PyTorchProblem.noStateDictionary`, and `.tensor` for a name that stands twice.
  init(_ content: StoredObject) throws(PyTorchProblem) {
    var (value, path, leftOut) = (content.root, [String](), [String]())
    while true {
      let entries = try Self.entries(value, content, path)
      if path.count < Self.depthLimit, let (key, inner) = Self.wrapped(entries, content) {
        leftOut += entries.map(\.key).filter { $0 != key }
        path.append(key)
        value = inner
        continue
      }
      var tensors: [(name: String, tensor: StoredTensor)] = []
      var names: Set<String> = []
      for (key, value) in entries {
        guard let tensor = Self.tensor(value, content) else {
          leftOut.append(key)
          continue
        }
        guard key.utf8.count <= SafetensorsHeader.nameLimit else {
          throw .tensor(
            name: key, expected: "a name of at most \(SafetensorsHeader.nameLimit) bytes",
            found: "one of \(key.utf8.count)")
        }
        guard names.insert(key).inserted else {
          throw .tensor(name: key, expected: "each name once", found: "it twice")
        }
        tensors.append((key, tensor))
      }
      guard !tensors.isEmpty || entries.isEmpty && path.isEmpty else {
        throw .noStateDictionary(found: "a dictionary of \(some(entries.map(\.key)))")
      }
      (self.tensors, self.path, self.leftOut) = (tensors, path, leftOut)
      return
    }
  }

  /// What a dictionary holds under text.
  private static func entries(
    _ value: PickleValue, _ content: StoredObject, _ path: [String]
  ) throws(PyTorchProblem) -> [(key: String, value: PickleValue)] {
    guard case .object(let index) = value else { throw .noStateDictionary(found: "a single value") }
    guard case .dictionary(let pairs) = content.objects[index] else {
      throw .noStateDictionary(found: content.objects[index].title)
    }
    var entries: [(key: String, value: PickleValue)] = []
    for (key, value) in pairs {
      if case .text(let text) = key { entries.append((text, value)) }
    }
    return entries
  }

  /// The dictionary under the likeliest key, or the only one.
  private static func wrapped(
    _ entries: [(key: String, value: PickleValue)], _ content: StoredObject
  ) -> (String, PickleValue)? {
    let inner = entries.filter { isDictionary($0.value, content) }
    for key in keys {
      if let found = inner.first(where: { $0.key == key }) { return found }
    }
    let hasTensors = entries.contains { tensor($0.value, content) != nil }
    return inner.count == 1 && !hasTensors ? inner[0] : nil
  }

  private static func isDictionary(_ value: PickleValue, _ content: StoredObject) -> Bool {
    guard case .object(let index) = value, case .dictionary(let pairs) = content.objects[index] else {
      return false
    }
    return !pairs.isEmpty
  }

  private static func tensor(_ value: PickleValue, _ content: StoredObject) -> StoredTensor? {
    guard case .object(let index) = value, case .tensor(let tensor) = content.objects[index] else {
      return nil
    }
    return tensor
  }
}
