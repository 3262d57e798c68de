/// What `torch.save` was given, as the file holds it: values, and where the storages of tensors lie.
struct StoredObject {
  /// What was saved.
  let root: PickleValue
  /// The containers, storages and tensors that values speak of.
  var heap: PickleHeap
  private let places: StoragePlaces

  /// The elements of a tensor in the file, checked to lie there.
  ///
  /// - Throws: `PyTorchProblem.tensor`, which calls it `name`.
  func view(_ tensor: PickleTensor, name: String) throws(PyTorchProblem) -> StridedView {
    let storage = heap.storage(tensor.storage)
    guard let range = places.range(of: heap.key(storage.key)) else {
      throw .tensor(name: name, expected: "a storage in the file", found: "none")
    }
    guard let extents = heap.integers(tensor.extents), let strides = heap.integers(tensor.strides) else {
      throw .tensor(name: name, expected: "a size and a stride of integers", found: "something else")
    }
    return try StridedView(tensor, extents, strides, name: name, of: storage, in: range)
  }
}

extension StoredObject {
  /// Reads the form of PyTorch 1.6 and later: a zip archive of `NAME/data.pkl`, `NAME/byteorder` and the storages
  /// `NAME/data/KEY`.
  init(archive bytes: [UInt8]) throws(PyTorchProblem) {
    let archive = try ZipArchive(bytes)
    let suffix = "/data.pkl"
    let pickles = archive.names(endingWith: suffix)
    guard pickles.count == 1, let pickle = pickles.first else {
      throw .archive(
        entry: nil, expected: "one entry NAME/data.pkl in the archive", found: "\(pickles.count)")
    }
    guard pickle.utf8.count <= SafetensorsHeader.nameLimit else {
      throw .archive(
        entry: pickle, expected: "a name of at most \(SafetensorsHeader.nameLimit) bytes",
        found: "one of \(pickle.utf8.count)")
    }
    let folder = pickle.dropLast(suffix.count)
    if archive.contains("\(folder)/constants.pkl") {
      throw .noStateDictionary(found: "a TorchScript program")
    }
    if let order = try archive.range(of: "\(folder)/byteorder"), !bytes[order].elementsEqual("little".utf8) {
      throw .archive(
        entry: "\(folder)/byteorder", expected: "little",
        found: shown(String(decoding: bytes[order].prefix(80), as: UTF8.self)))
    }
    guard let range = try archive.range(of: pickle) else {
      throw .archive(entry: pickle, expected: "a pickle", found: "none")
    }
    var unpickler = Unpickler(bytes, range)
    root = try unpickler.load()
    heap = unpickler.heap
    for index in 0..<heap.storages.count {
      let name = "\(folder)/data/\(heap.key(heap.storages[index].key))"
      guard try archive.range(of: name) != nil else {
        throw .archive(entry: name, expected: "a storage that the pickle names", found: "no such entry")
      }
    }
    places = .archive(archive, folder: String(folder))
  }

  /// Reads the form before PyTorch 1.6: pickles of a magic number, a version, the machine, what was saved and the keys
  /// of the storages; then each storage, its length in elements before it.
  init(sequence bytes: [UInt8]) throws(PyTorchProblem) {
    let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    let start = bytes.prefix(64)
    // In any pickle protocol the number is a LONG1 of ten bytes.
    guard let place = start.indices.first(where: { start[$0...].starts(with: [0x8a, 10] + magic) }) else {
      // A pickle without it that calls something gets the message that says so.
      var unpickler = Unpickler(bytes, 0..<bytes.count)
      _ = try unpickler.load()
      throw .layout(expected: "the magic number of PyTorch at the start", found: "another pickle")
    }
    guard place + 12 < bytes.count, bytes[place + 12] == UInt8(ascii: ".") else {
      throw .layout(expected: "a pickle of PyTorch's magic number", found: "another pickle")
    }
    var unpickler = Unpickler(bytes, place + 13..<bytes.count)
    guard case .integer(let version) = try unpickler.load(), version == 1001 else {
      throw .layout(expected: "version 1001 of PyTorch's files", found: "another")
    }
    let description = try unpickler.load()
    guard case .dictionary(let machine) = unpickler.heap.object(description) else {
      throw .layout(expected: "a description of the machine", found: "something else")
    }
    var cursor = PickleCursor(machine)
    while let (key, value) = unpickler.heap.nextPair(&cursor) {
      if value == .boolean(false), case .text(let name) = key, name.count <= Unpickler.nameLimit,
        unpickler.heap.text(name) == "little_endian"
      {
        throw .layout(expected: "numbers in little-endian order", found: "big-endian ones")
      }
    }
    root = try unpickler.load()
    let list = try unpickler.load()
    guard let keys = unpickler.heap.items(list) else {
      throw .layout(expected: "a list of storages", found: "something else")
    }
    heap = unpickler.heap
    places = .sequence(try Self.ranges(keys, &heap, from: unpickler.position))
  }

  /// Bytes of memory that a storage takes in the table of `ranges`, while that is copied to a larger one.
  private static let bytesOfStorage = 192

  /// The places of storages that lie behind each other.
  private static func ranges(
    _ keys: PickleItems, _ heap: inout PickleHeap, from start: Int
  ) throws(PyTorchProblem) -> [String: StoragePlaces.Part] {
    var parts: [String: StoragePlaces.Part] = [:]
    for index in 0..<heap.storages.count {
      let storage = heap.storages[index]
      let key = heap.key(storage.key)
      if parts.updateValue(StoragePlaces.Part(type: storage.type), forKey: key) == nil {
        try heap.charge(bytesOfStorage + MemoryAllowance.text(key.utf8.count))
      }
    }
    let bytes = heap.bytes
    var position = start
    var cursor = PickleCursor(keys)
    while let value = heap.next(&cursor) {
      guard case .text(let text) = value, case let key = heap.text(text), let part = parts[key] else {
        throw .layout(expected: "keys of storages that the pickle names", found: "another")
      }
      guard part.range == nil else {
        throw .layout(expected: "each storage once", found: "\(shown(key)) twice")
      }
      guard let count = bytes.count(at: position, as: UInt64.self), let size = part.type.byteCount(of: count),
        let range = Range(start: position + 8, count: size, limit: bytes.count)
      else {
        throw .layout(
          expected: "storage \(shown(key)) at byte \(position)",
          found: "a file of \(bytes.count) bytes; it is cut off")
      }
      parts[key]?.range = range
      position = range.upperBound
    }
    return parts
  }
}

/// Where the storages of a file lie.
fileprivate enum StoragePlaces {
  /// Entries of an archive, `folder/data/KEY`.
  case archive(ZipArchive, folder: String)
  /// Behind each other, by their keys.
  case sequence([String: Part])

  /// One of those that lie behind each other.
  struct Part {
    /// Its elements.
    let type: ElementType
    /// Its bytes in the file; `nil` as long as they are not found.
    var range: Range<Int>?
  }

  func range(of key: String) -> Range<Int>? {
    switch self {
    case .archive(let archive, let folder): try? archive.range(of: "\(folder)/data/\(key)")
    case .sequence(let parts): parts[key]?.range
    }
  }
}
