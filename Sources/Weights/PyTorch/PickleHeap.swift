/// What the pickles of a file have made: containers, storages and tensors, by their numbers.
///
/// Every block of memory is charged to the file's allowance before it is taken. A state dictionary as PyTorch writes it
/// takes some 700 bytes for a tensor, about as many as the file has for it beside its elements.
struct PickleHeap: Sendable {
  /// Axes of a tensor; PyTorch takes no more.
  static let rankLimit = 64

  /// The file.
  let bytes: [UInt8]
  /// Where the pickles start in it.
  let origin: Int
  private(set) var allowance: MemoryAllowance

  private var objects = BlockArray<PickleObject>()
  private var cells = BlockArray<PickleCell>()
  private var names = BlockArray<(module: PickleText, name: PickleText)>()
  private(set) var storages = BlockArray<PickleStorage>()
  private var tensors = BlockArray<PickleTensor>()

  /// An empty heap for the pickles of `bytes`, a file, that start at `origin`.
  init(_ bytes: [UInt8], origin: Int) {
    (self.bytes, self.origin) = (bytes, origin)
    allowance = MemoryAllowance(fileBytes: bytes.count)
  }

  /// Charges bytes of memory to the file's allowance.
  ///
  /// - Throws: `PyTorchProblem.tooManyValues` when it has no more.
  mutating func charge(_ bytes: Int) throws(PyTorchProblem) {
    guard allowance.take(bytes) else { throw .tooManyValues(limit: allowance.limit) }
  }

  // Making.

  mutating func make(_ object: PickleObject) throws(PyTorchProblem) -> PickleValue {
    .object(try Self.add(object, to: &objects, &allowance))
  }

  mutating func make(_ storage: PickleStorage) throws(PyTorchProblem) -> PickleValue {
    try make(.storage(Self.add(storage, to: &storages, &allowance)))
  }

  mutating func make(_ tensor: PickleTensor) throws(PyTorchProblem) -> PickleValue {
    try make(.tensor(Self.add(tensor, to: &tensors, &allowance)))
  }

  mutating func makeForeign(_ module: PickleText, _ name: PickleText) throws(PyTorchProblem) -> PickleValue {
    .foreign(try Self.add((module, name), to: &names, &allowance))
  }

  /// Puts values at the end of a container's items.
  mutating func append(
    _ values: some Sequence<PickleValue>, to items: inout PickleItems
  ) throws(PyTorchProblem) {
    for value in values {
      let place = try Self.add(PickleCell(value: value), to: &cells, &allowance)
      if items.count == 0 { items.first = place } else { cells[Int(items.last)].next = place }
      items.last = place
      items.count += 1
    }
  }

  /// Appends to one of the lists, and gives the number of what was appended.
  private static func add<Element>(
    _ element: Element, to list: inout BlockArray<Element>, _ allowance: inout MemoryAllowance
  ) throws(PyTorchProblem) -> UInt32 {
    guard allowance.take(list.bytesToAppend) else { throw .tooManyValues(limit: allowance.limit) }
    // The allowance ends long before 32 bits do.
    let place = UInt32(list.count)
    list.append(element)
    return place
  }

  // Changing, which takes nothing.

  /// Puts another container in the place of `value`, which is one.
  mutating func replace(_ value: PickleValue, by object: PickleObject) {
    if case .object(let place) = value { objects[Int(place)] = object }
  }

  // Reading.

  /// The object behind a value, if it is one.
  func object(_ value: PickleValue) -> PickleObject? {
    guard case .object(let place) = value else { return nil }
    return objects[Int(place)]
  }

  /// The values of a tuple or list.
  func items(_ value: PickleValue) -> PickleItems? {
    switch object(value) {
    case .tuple(let items), .list(let items): items
    default: nil
    }
  }

  /// The next value that a cursor comes to; `nil` behind the last.
  func next(_ cursor: inout PickleCursor) -> PickleValue? {
    guard cursor.left > 0 else { return nil }
    let cell = cells[Int(cursor.place)]
    (cursor.place, cursor.left) = (cell.next, cursor.left - 1)
    return cell.value
  }

  /// The next key and its value in a dictionary's items.
  func nextPair(_ cursor: inout PickleCursor) -> (key: PickleValue, value: PickleValue)? {
    guard let key = next(&cursor), let value = next(&cursor) else { return nil }
    return (key, value)
  }

  /// At most `count` values from the first on.
  func first(_ count: Int, of items: PickleItems) -> [PickleValue] {
    var cursor = PickleCursor(items)
    var values: [PickleValue] = []
    while values.count < count, let value = next(&cursor) { values.append(value) }
    return values
  }

  func text(_ text: PickleText) -> String {
    let start = origin + Int(text.start)
    return String(decoding: bytes[start..<start + Int(text.count)], as: UTF8.self)
  }

  /// The whole of a foreign name.
  func name(_ place: UInt32) -> String {
    let (module, name) = names[Int(place)]
    return "\(text(module)).\(text(name))"
  }

  func key(_ key: PickleKey) -> String {
    switch key {
    case .text(let text): self.text(text)
    case .number(let number): String(number)
    }
  }

  /// The storage of a number.
  func storage(_ place: UInt32) -> PickleStorage { storages[Int(place)] }

  /// The tensor that a value is, if it is one.
  func tensor(_ value: PickleValue) -> PickleTensor? {
    guard case .tensor(let place) = object(value) else { return nil }
    return tensors[Int(place)]
  }

  /// Integers, such as extents: at most `rankLimit`, and nothing else.
  func integers(_ items: PickleItems) -> [Int]? {
    guard items.count <= Self.rankLimit else { return nil }
    var result: [Int] = []
    var cursor = PickleCursor(items)
    while let item = next(&cursor) {
      guard case .integer(let number) = item else { return nil }
      result.append(number)
    }
    return result
  }
}

/// The values of a container: a chain of cells of a `PickleHeap`, which only the heap makes longer.
struct PickleItems: Sendable {
  fileprivate(set) var first: UInt32 = 0
  fileprivate(set) var last: UInt32 = 0
  fileprivate(set) var count: UInt32 = 0

  var isEmpty: Bool { count == 0 }
}

/// A place in a container.
struct PickleCursor {
  fileprivate var place: UInt32
  fileprivate var left: UInt32

  /// At the first of `items`.
  init(_ items: PickleItems) { (place, left) = (items.first, items.count) }
}

/// One value of a container, and where the next one is.
private struct PickleCell {
  let value: PickleValue
  var next: UInt32 = 0
}
