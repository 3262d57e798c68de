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
  private let views: [String: StridedView]

  /// The most bytes that tensors may have together, in multiples of the file's. Shared ones count as often as they occur.
  private static let growthLimit = 4

  /// The state dictionary in `content`, which was read from `bytes`; every tensor of it is checked.
  init(name: String, bytes: [UInt8], content: StoredObject) throws(PyTorchProblem) {
    let dictionary = try StateDictionary(content)
    var (entries, views, total) = ([Entry](), [String: StridedView](), 0)
    for (name, tensor) in dictionary.tensors {
      guard let storage = content.storages[tensor.storage.key] else {
        throw .tensor(name: name, expected: "a storage in the file", found: "none")
      }
      let view = try StridedView(tensor, name: name, storage: storage)
      entries.append(Entry(name: name, type: view.type, shape: view.shape))
      views[name] = view
      total += view.byteCount
      let limit = Self.growthLimit * bytes.count
      guard total <= limit else { throw .expanded(bytes: total, limit: limit) }
    }
    (self.name, self.bytes, self.entries, self.views) = (name, bytes, entries, views)
    (path, leftOut) = (dictionary.path, dictionary.leftOut)
  }

  /// The tensor `name` as `Float`.
  ///
  /// - Throws: `WeightsError` when there is no such tensor, when its element type has no reader here, or when an integer
  ///   is beyond what a `Float` holds exactly.
  public func tensor(_ name: String) throws(WeightsError) -> Tensor {
    guard let view = views[name] else {
      throw .noSuchTensor(file: self.name, tensor: name, available: entries.map(\.name).sorted())
    }
    return try view.tensor(bytes, name: name, file: self.name)
  }
}
