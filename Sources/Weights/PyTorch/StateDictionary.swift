/// The tensors of a model among what was saved with them.
struct StateDictionary {
  /// Names and values in the file's order; those that are tensors are the model's.
  let items: PickleItems
  /// How many are tensors.
  let count: Int
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
  /// Bytes of memory that a key takes in the list of those left out, while it is copied to a larger one.
  private static func bytes(of key: PickleText) -> Int {
    3 * MemoryLayout<String>.stride + MemoryAllowance.text(Int(key.count))
  }

  /// The state dictionary in `content`.
  ///
  /// - Throws: `PyTorchProblem.noStateDictionary`.
  init(_ content: inout StoredObject) throws(PyTorchProblem) {
    var (items, path, leftOut) = (try Self.dictionary(content.root, content.heap), [String](), [String]())
    while path.count < Self.depthLimit, let (key, value) = Self.wrapped(items, content.heap) {
      leftOut += try Self.names(items, &content.heap) { other, _ in other != value }
      try content.heap.charge(Self.bytes(of: key))
      path.append(content.heap.text(key))
      items = try Self.dictionary(value, content.heap)
    }
    let others = try Self.names(items, &content.heap) { value, heap in heap.tensor(value) == nil }
    var (count, isEmpty) = (0, true)
    var cursor = PickleCursor(items)
    while let (key, value) = content.heap.nextPair(&cursor) {
      guard case .text = key else { continue }
      isEmpty = false
      if content.heap.tensor(value) != nil { count += 1 }
    }
    guard count > 0 || isEmpty && path.isEmpty else {
      throw .noStateDictionary(found: "a dictionary of \(some(others))")
    }
    (self.items, self.count, self.path, self.leftOut) = (items, count, path, leftOut + others)
  }

  /// The items of a dictionary, which `value` has to be.
  private static func dictionary(
    _ value: PickleValue, _ heap: PickleHeap
  ) throws(PyTorchProblem) -> PickleItems {
    guard let object = heap.object(value) else { throw .noStateDictionary(found: "a single value") }
    guard case .dictionary(let items) = object else { throw .noStateDictionary(found: object.title) }
    return items
  }

  /// The dictionary under the likeliest key, or the only one.
  private static func wrapped(_ items: PickleItems, _ heap: PickleHeap) -> (PickleText, PickleValue)? {
    var best: (rank: Int, key: PickleText, value: PickleValue)?
    var (dictionaries, hasTensors) = (0, false)
    var cursor = PickleCursor(items)
    while let (key, value) = heap.nextPair(&cursor) {
      guard case .text(let key) = key else { continue }
      hasTensors = hasTensors || heap.tensor(value) != nil
      guard case .dictionary(let inner) = heap.object(value), !inner.isEmpty else { continue }
      dictionaries += 1
      let rank = key.count <= longestKey ? keys.firstIndex(of: heap.text(key)) : nil
      if best.map({ rank ?? keys.count < $0.rank }) ?? true { best = (rank ?? keys.count, key, value) }
    }
    guard let best, best.rank < keys.count || dictionaries == 1 && !hasTensors else { return nil }
    return (best.key, best.value)
  }

  private static let longestKey = keys.map(\.utf8.count).max() ?? 0

  /// The keys of the entries whose values are wanted.
  private static func names(
    _ items: PickleItems, _ heap: inout PickleHeap, where isWanted: (PickleValue, PickleHeap) -> Bool
  ) throws(PyTorchProblem) -> [String] {
    var names: [String] = []
    var cursor = PickleCursor(items)
    while let (key, value) = heap.nextPair(&cursor) {
      guard case .text(let key) = key, isWanted(value, heap) else { continue }
      try heap.charge(bytes(of: key))
      names.append(heap.text(key))
    }
    return names
  }
}
