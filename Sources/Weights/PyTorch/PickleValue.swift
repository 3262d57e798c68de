/// A value on the stack of a pickle.
///
/// Containers are numbers in `PickleObjects`: nothing is nested in memory, however deep a hostile file nests, and a
/// container may contain itself.
enum PickleValue: Sendable, Equatable {
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case text(String)
  /// Something that takes no part in a tensor: bytes, a long integer, a device.
  case opaque
  case global(PickleGlobal)
  /// A name that no tensor needs; a call of it is an error, and so is its bare presence.
  case foreign(String)
  /// A container, storage or tensor, by its number.
  case object(Int)
}

/// What lies behind `PickleValue.object`.
enum PickleObject: Sendable {
  case list([PickleValue])
  case tuple([PickleValue])
  case dictionary([(key: PickleValue, value: PickleValue)])
  case storage(StoredStorage)
  case tensor(StoredTensor)

  /// What messages call it.
  var title: String {
    switch self {
    case .list: "a list"
    case .tuple: "a tuple"
    case .dictionary: "a dictionary"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// A block of elements that tensors look into.
struct StoredStorage: Sendable, Equatable {
  /// What the file calls it.
  let key: String
  /// Its elements; bytes for PyTorch's untyped storages.
  let type: ElementType
  /// Where it starts, in elements of what the file stores under the key.
  let start: Int
  /// Elements.
  let count: Int
}

/// A tensor as a pickle describes it; nothing of it is checked but the types.
struct StoredTensor: Sendable, Equatable {
  let storage: StoredStorage
  let type: ElementType
  /// Elements of the storage before the first.
  let offset: Int
  let extents: [Int]
  /// Elements of the storage from one element to the next along each axis.
  let strides: [Int]
}
