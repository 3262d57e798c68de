extension Unpickler {
  /// `REDUCE`: what calling one of the known names gives.
  mutating func call() throws(PyTorchProblem) {
    let parts = try pop(2)
    if case .foreign(let name) = parts[0] { throw .call(of: heap.name(name)) }
    guard case .global(let global) = parts[0], case .tuple(let arguments) = heap.object(parts[1]) else {
      throw wrong("a call with its arguments", "something else")
    }
    // No call that is known needs more.
    let values = heap.first(7, of: arguments)
    switch global {
    case .dictionary: try push(heap.make(.dictionary(pairs(of: values.first))))
    case .rebuildTensor: try push(heap.make(tensor(values)))
    case .rebuildTypedTensor:
      guard values.count == 7, case .global(.elementType(let type)) = values[6] else {
        throw wrong("a tensor's element type", "something else")
      }
      try push(heap.make(tensor(values, type)))
    case .rebuildParameter:
      guard let tensor = values.first, heap.tensor(tensor) != nil else {
        throw wrong("a parameter's tensor", "something else")
      }
      try push(tensor)
    case .size:
      guard let first = values.first, heap.items(first) != nil else {
        throw wrong("a size", "something else")
      }
      try push(first)
    case .device: try push(.opaque)
    case .storage, .elementType: throw wrong("a call that gives a tensor", "a call of an element type")
    }
  }

  /// The error of an object of the class at `start` on the stack; no tensor is made so.
  func object(from start: Int) -> PyTorchProblem {
    if start < stack.count, case .foreign(let name) = stack[start] { return .object(of: heap.name(name)) }
    return wrong("tensors only", "an object")
  }

  /// `BUILD`: attributes of the object on top, such as the `_metadata` of a state dictionary; none is needed.
  mutating func build() throws(PyTorchProblem) {
    _ = try pop()
    switch heap.object(try top()) {
    case .dictionary, .tensor: return
    default: throw wrong("attributes of a dictionary", "those of something else")
    }
  }

  /// `BINPERSID`: a storage, `('storage', type, key, location, count)`, and in old files the part of it that is meant.
  func storage(_ value: PickleValue) throws(PyTorchProblem) -> PickleStorage {
    guard let items = heap.items(value), case let parts = heap.first(6, of: items), parts.count >= 5,
      case .text(let kind) = parts[0], kind.count <= Self.nameLimit
    else { throw wrong("a storage", "something else") }
    if heap.text(kind) == "module" {
      if case .foreign(let name) = parts[1] { throw .object(of: heap.name(name)) }
      throw .object(of: "a module")
    }
    guard heap.text(kind) == "storage", case .integer(let count) = parts[4], let key = key(parts[2]) else {
      throw wrong("a storage with its key and length", "something else")
    }
    if case .foreign(let name) = parts[1] { throw .name(heap.name(name)) }
    guard case .global(.storage(let type)) = parts[1] else {
      throw wrong("a storage's type", "something else")
    }
    if parts.count > 5, let view = heap.items(parts[5]) {
      let parts = heap.first(4, of: view)
      guard parts.count == 3, case .integer(let start) = parts[1], case .integer(let size) = parts[2],
        start >= 0,
        size >= 0
      else { throw wrong("a part of a storage", "something else") }
      return PickleStorage(key: key, type: type, start: start, count: size)
    }
    guard count >= 0 else { throw wrong("a storage's length", "\(count)") }
    return PickleStorage(key: key, type: type, start: 0, count: count)
  }

  /// What a file calls a storage; programs use numbers.
  private func key(_ value: PickleValue) -> PickleKey? {
    switch value {
    case .text(let text) where text.count <= Self.nameLimit: .text(text)
    case .integer(let number): .number(number)
    default: nil
    }
  }

  /// `OrderedDict()`, Python 2's `OrderedDict([[key, value], …])` and `Counter({…})`: a dictionary of its own.
  private mutating func pairs(of argument: PickleValue?) throws(PyTorchProblem) -> PickleItems {
    var result = PickleItems()
    guard let argument else { return result }
    switch heap.object(argument) {
    case .dictionary(let items):
      var cursor = PickleCursor(items)
      while let value = heap.next(&cursor) { try heap.append(CollectionOfOne(value), to: &result) }
    case .list(let list), .tuple(let list):
      var cursor = PickleCursor(list)
      while let pair = heap.next(&cursor) {
        guard let items = heap.items(pair), case let parts = heap.first(3, of: items), parts.count == 2 else {
          throw wrong("pairs", "something else")
        }
        try heap.append(parts, to: &result)
      }
    default: throw wrong("what a dictionary is made of", "something else")
    }
    return result
  }

  /// `_rebuild_tensor_v2(storage, offset, size, stride, …)`.
  private func tensor(
    _ values: [PickleValue], _ type: ElementType? = nil
  ) throws(PyTorchProblem) -> PickleTensor {
    guard values.count >= 4, case .storage(let storage) = heap.object(values[0]),
      case .integer(let offset) = values[1],
      let extents = heap.items(values[2]), heap.integers(extents) != nil,
      let strides = heap.items(values[3]), heap.integers(strides) != nil
    else { throw wrong("a tensor's storage, offset, size and stride", "something else") }
    return PickleTensor(
      storage: storage, type: type ?? heap.storage(storage).type, offset: offset, extents: extents,
      strides: strides)
  }
}
