/// A value on the stack of a pickle.
///
/// Text stays in the file, and containers are numbers in a `PickleHeap`: nothing is nested in memory, however deep a
/// hostile file nests, a container may contain itself, and a value takes 16 bytes whatever it stands for.
enum PickleValue: Sendable, Equatable {
  case none
  case boolean(Bool)
  case integer(Int)
  case text(PickleText)
  /// Something that takes no part in a tensor: a fraction, bytes, a long integer, a device.
  case opaque
  case global(PickleGlobal)
  /// A name that no tensor needs, by its number; a call of it is an error, and so is its bare presence.
  case foreign(UInt32)
  /// A container, storage or tensor, by its number.
  case object(UInt32)
}

/// Text where it stands in a pickle, in bytes from the pickle's start; it was found to be UTF-8.
struct PickleText: Sendable, Equatable {
  let start: UInt32
  let count: UInt32
}

/// What lies behind `PickleValue.object`.
enum PickleObject: Sendable {
  case list(PickleItems)
  case tuple(PickleItems)
  /// Keys and values in turn.
  case dictionary(PickleItems)
  /// A storage, by its number.
  case storage(UInt32)
  /// A tensor, by its number.
  case tensor(UInt32)

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
struct PickleStorage: Sendable {
  /// What the file calls it.
  let key: PickleKey
  /// Its elements; bytes for PyTorch's untyped storages.
  let type: ElementType
  /// Where it starts, in elements of what the file stores under the key.
  let start: Int
  /// Elements.
  let count: Int
}

/// What a file calls a storage.
enum PickleKey: Sendable {
  case text(PickleText)
  case number(Int)
}

/// A tensor as a pickle describes it; nothing of it is checked but the types.
struct PickleTensor: Sendable {
  /// Its storage, by its number.
  let storage: UInt32
  let type: ElementType
  /// Elements of the storage before the first.
  let offset: Int
  /// Integers: its extents.
  let extents: PickleItems
  /// Integers: elements of the storage from one element to the next along each axis.
  let strides: PickleItems
}
