extension Unpickler {
  /// `REDUCE`: what calling one of the known names gives.
  mutating func call() throws(PyTorchProblem) {
    let parts = try pop(2)
    if case .foreign(let name) = parts[0] { throw .call(of: name) }
    guard case .global(let global) = parts[0], case .tuple(let arguments) = object(parts[1]) else {
      throw wrong("a call with its arguments", "something else")
    }
    switch global {
    case .dictionary:
      let pairs = try pairs(of: arguments)
      try count(pairs.count)
      try push(.dictionary(pairs))
    case .rebuildTensor: try push(.tensor(tensor(arguments)))
    case .rebuildTypedTensor:
      guard arguments.count > 6, case .global(.elementType(let type)) = arguments[6] else {
        throw wrong("a tensor's element type", "something else")
      }
      try push(.tensor(tensor(arguments, type)))
    case .rebuildParameter:
      guard let tensor = arguments.first, case .tensor = object(tensor) else {
        throw wrong("a parameter's tensor", "something else")
      }
      try push(tensor)
    case .size:
      guard let first = arguments.first, items(first) != nil else { throw wrong("a size", "something else") }
      try push(first)
    case .device: try push(.opaque)
    case .storage, .elementType: throw wrong("a call that gives a tensor", "a call of an element type")
    }
  }

  /// The error of an object of a class, which comes first among `parts`; no tensor is made so.
  mutating func object(of parts: [PickleValue]) -> PyTorchProblem {
    if case .foreign(let name) = parts.first { return .object(of: name) }
    return wrong("tensors only", "an object")
  }

  /// `BUILD`: attributes of the object on top, such as the `_metadata` of a state dictionary; none is needed.
  mutating func build() throws(PyTorchProblem) {
    _ = try pop()
    switch object(try top()) {
    case .dictionary, .tensor: return
    default: throw wrong("attributes of a dictionary", "those of something else")
    }
  }

  /// `BINPERSID`: a storage, `('storage', type, key, location, count)`, and in old files the part of it that is meant.
  func storage(_ value: PickleValue) throws(PyTorchProblem) -> PickleObject {
    guard let parts = items(value), parts.count >= 5, case .text(let kind) = parts[0] else {
      throw wrong("a storage", "something else")
    }
    if kind == "module" {
      if case .foreign(let name) = parts[1] { throw .object(of: name) }
      throw .object(of: "a module")
    }
    guard kind == "storage", case .integer(let count) = parts[4], let key = key(parts[2]) else {
      throw wrong("a storage with its key and length", "something else")
    }
    if case .foreign(let name) = parts[1] { throw .name(name) }
    guard case .global(.storage(let type)) = parts[1] else {
      throw wrong("a storage's type", "something else")
    }
    if parts.count > 5, let view = items(parts[5]) {
      guard view.count == 3, case .integer(let start) = view[1], case .integer(let size) = view[2],
        start >= 0,
        size >= 0
      else { throw wrong("a part of a storage", "something else") }
      return .storage(StoredStorage(key: key, type: type, start: start, count: size))
    }
    guard count >= 0 else { throw wrong("a storage's length", "\(count)") }
    return .storage(StoredStorage(key: key, type: type, start: 0, count: count))
  }

  private func key(_ value: PickleValue) -> String? {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    default: nil
    }
  }

  /// `OrderedDict()`, Python 2's `OrderedDict([[key, value], …])` and `Counter({…})`.
  private func pairs(
    of arguments: [PickleValue]
  ) throws(PyTorchProblem) -> [(key: PickleValue, value: PickleValue)] {
    guard let first = arguments.first else { return [] }
    switch object(first) {
    case .dictionary(let pairs): return pairs
    case .list(let list), .tuple(let list):
      var result: [(key: PickleValue, value: PickleValue)] = []
      for pair in list {
        guard let parts = items(pair), parts.count == 2 else { throw wrong("pairs", "something else") }
        result.append((parts[0], parts[1]))
      }
      return result
    default: throw wrong("what a dictionary is made of", "something else")
    }
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, …)`.
  private func tensor(
    _ arguments: [PickleValue], _ type: ElementType? = nil
  ) throws(PyTorchProblem) -> StoredTensor {
    guard arguments.count >= 4, case .storage(let storage) = object(arguments[0]),
      case .integer(let offset) = arguments[1], let extents = integers(arguments[2]),
      let strides = integers(arguments[3])
    else { throw wrong("a tensor's storage, offset, size and stride", "something else") }
    return StoredTensor(
      storage: storage, type: type ?? storage.type, offset: offset, extents: extents, strides: strides)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let items = items(value), items.count <= Self.rankLimit else { return nil }
    var result: [Int] = []
    for item in items {
      guard case .integer(let number) = item else { return nil }
      result.append(number)
    }
    return result
  }
}
