import TensorCore

/// A file of PyTorch's in memory: the tensors of its state dictionary.
public struct PyTorchFile: Sendable {
  /// One tensor.
  public struct Entry: Sendable, Equatable {
    /// The dotted name.
    public let name: String
    /// How its elements are stored.
    public let type: ElementType
    /// Its extents, outermost first; empty for a scalar.
    public let shape: Shape
  }

  /// What messages call it: its path.
  public let name: String
  /// The tensors in the order of the state dictionary.
  public let entries: [Entry]
  /// The keys under which the state dictionary lies, such as `state_dict`; none when it is what was saved.
  public let path: [String]
  /// The keys of what was saved beside it, such as `epoch`.
  public let leftOut: [String]

  private let bytes: [UInt8]
  /// What the entries are of, each once; tensors that a model has under two names are one.
  private let views: [StridedView]
  /// The place of each entry's view.
  private let places: [Int]
  private let index: [String: Int]

  /// The state dictionary in `content`, which was read from `bytes`; every tensor of it is checked. Together they are at
  /// most as large as the file, as it stores them.
  init(name: String, bytes: [UInt8], content: consuming StoredObject) throws(PyTorchProblem) {
    let dictionary = try StateDictionary(&content)
    try content.heap.charge(dictionary.count * MemoryAllowance.tensor)
    var (entries, views, places) = ([Entry](), [StridedView](), [Int]())
    var index = [String: Int](minimumCapacity: dictionary.count)
    var known = [StridedView: Int](minimumCapacity: dictionary.count)
    entries.reserveCapacity(dictionary.count)
    places.reserveCapacity(dictionary.count)
    views.reserveCapacity(dictionary.count)
    var total = 0
    var cursor = PickleCursor(dictionary.items)
    while let (key, value) = content.heap.nextPair(&cursor) {
      guard case .text(let text) = key, let tensor = content.heap.tensor(value) else { continue }
      guard text.count <= SafetensorsHeader.nameLimit else {
        throw .tensor(
          name: content.heap.text(text), expected: "a name of at most \(SafetensorsHeader.nameLimit) bytes",
          found: "one of \(text.count)")
      }
      let name = content.heap.text(text)
      guard index.updateValue(entries.count, forKey: name) == nil else {
        throw .tensor(name: name, expected: "each name once", found: "it twice")
      }
      let view = try content.view(tensor, name: name)
      try content.heap.charge(
        MemoryAllowance.entry(name, rank: 2 * view.shape.rank) - MemoryAllowance.tensor)
      entries.append(Entry(name: name, type: view.type, shape: view.shape))
      let elements = view.unshaped
      places.append(known[elements] ?? views.count)
      guard known[elements] == nil else { continue }
      known[elements] = views.count
      views.append(elements)
      total += view.byteCount
      guard total <= bytes.count else { throw .expanded(bytes: total, limit: bytes.count) }
    }
    (self.name, self.bytes, self.entries) = (name, bytes, entries)
    (self.views, self.places, self.index) = (views, places, index)
    (path, leftOut) = (dictionary.path, dictionary.leftOut)
  }

  /// The tensor `name` as `Float`.
  ///
  /// - Throws: `WeightsError` when there is no such tensor, when its element type has no reader here, or when an integer
  ///   is beyond what a `Float` holds exactly.
  public func tensor(_ name: String) throws(WeightsError) -> Tensor {
    guard let place = index[name] else {
      throw .noSuchTensor(file: self.name, tensor: name, available: entries.map(\.name).sorted())
    }
    return try views[places[place]].tensor(bytes, name: name, file: self.name)
      .reshaped(entries[place].shape)
  }

  /// The tensors of the entries that `isWanted`, by name. Those that are the same in the file share their elements here.
  ///
  /// - Throws: `WeightsError` as for one tensor.
  func tensors(
    where isWanted: (Entry) throws(WeightsError) -> Bool
  ) throws(WeightsError) -> [String: Tensor] {
    var shared = [Tensor?](repeating: nil, count: views.count)
    var tensors: [String: Tensor] = [:]
    for (entry, place) in zip(entries, places) where try isWanted(entry) {
      if shared[place] == nil {
        shared[place] = try views[place].tensor(bytes, name: entry.name, file: name)
      }
      tensors[entry.name] = shared[place]?.reshaped(entry.shape)
    }
    return tensors
  }
}
