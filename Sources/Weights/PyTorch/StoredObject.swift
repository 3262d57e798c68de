/// What `torch.save` was given, as the file holds it: values, and where the storages of tensors lie.
struct StoredObject {
  /// What was saved.
  let root: PickleValue
  /// The containers, storages and tensors that values speak of.
  let objects: [PickleObject]
  /// The bytes of each storage in the file, by its key.
  let storages: [String: Range<Int>]

  /// Bytes of a pickle; a state dictionary of a thousand tensors has a tenth of a million.
  private static let pickleLimit = 1 << 26
}

extension StoredObject {
  /// Reads the form of PyTorch 1.6 and later: a zip archive of `NAME/data.pkl`, `NAME/byteorder` and the storages
  /// `NAME/data/KEY`.
  init(archive bytes: [UInt8]) throws(PyTorchProblem) {
    let archive = try ZipArchive(bytes)
    let suffix = "/data.pkl"
    let pickles = archive.entries.keys.filter { $0.hasSuffix(suffix) && $0.split(separator: "/").count == 2 }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw .archive(
        entry: nil, expected: "one entry NAME/data.pkl in the archive", found: "\(pickles.count)")
    }
    let folder = pickle.dropLast(suffix.count)
    if archive.entries["\(folder)/constants.pkl"] != nil {
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
    try Self.checkLength(range.count)
    var unpickler = Unpickler(bytes, range)
    root = try unpickler.load()
    objects = unpickler.objects
    var storages: [String: Range<Int>] = [:]
    for case .storage(let storage) in objects where storages[storage.key] == nil {
      let name = "\(folder)/data/\(storage.key)"
      guard let range = try archive.range(of: name) else {
        throw .archive(entry: name, expected: "a storage that the pickle names", found: "no such entry")
      }
      storages[storage.key] = range
    }
    self.storages = storages
  }

  /// Reads the form before PyTorch 1.6: pickles of a magic number, a version, the machine, what was saved and the keys
  /// of the storages; then each storage, its length in elements before it.
  init(sequence bytes: [UInt8]) throws(PyTorchProblem) {
    let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    let start = bytes.prefix(64)
    // In any pickle protocol the number is a LONG1 of ten bytes.
    guard let place = start.indices.first(where: { start[$0...].starts(with: [0x8a, 10] + magic) }) else {
      // A pickle without it that calls something gets the message that says so.
      var unpickler = Unpickler(bytes, 0..<min(bytes.count, Self.pickleLimit))
      _ = try unpickler.load()
      throw .layout(expected: "the magic number of PyTorch at the start", found: "another pickle")
    }
    guard place + 12 < bytes.count, bytes[place + 12] == UInt8(ascii: ".") else {
      throw .layout(expected: "a pickle of PyTorch's magic number", found: "another pickle")
    }
    let end = bytes.count
    var unpickler = Unpickler(bytes, place + 13..<end)
    guard case .integer(let version) = try unpickler.load(), version == 1001 else {
      throw .layout(expected: "version 1001 of PyTorch's files", found: "another")
    }
    let description = try unpickler.load()
    guard case .dictionary(let machine) = unpickler.object(description) else {
      throw .layout(expected: "a description of the machine", found: "something else")
    }
    if machine.contains(where: { $0.key == .text("little_endian") && $0.value == .boolean(false) }) {
      throw .layout(expected: "numbers in little-endian order", found: "big-endian ones")
    }
    let before = unpickler.position
    root = try unpickler.load()
    try Self.checkLength(unpickler.position - before)
    let list = try unpickler.load()
    guard let keys = unpickler.items(list) else {
      throw .layout(expected: "a list of storages", found: "something else")
    }
    objects = unpickler.objects
    storages = try Self.storages(keys, objects, bytes, from: unpickler.position)
  }

  /// The places of storages that lie behind each other.
  private static func storages(
    _ keys: [PickleValue], _ objects: [PickleObject], _ bytes: [UInt8], from start: Int
  ) throws(PyTorchProblem) -> [String: Range<Int>] {
    var types: [String: ElementType] = [:]
    for case .storage(let storage) in objects { types[storage.key] = storage.type }
    var storages: [String: Range<Int>] = [:]
    var position = start
    for key in keys {
      guard case .text(let key) = key, let type = types[key] else {
        throw .layout(expected: "keys of storages that the pickle names", found: "another")
      }
      guard let count = bytes.count(at: position, as: UInt64.self), let size = type.byteCount(of: count),
        let range = Range(start: position + 8, count: size, limit: bytes.count)
      else {
        throw .layout(
          expected: "storage \(shown(key)) at byte \(position)",
          found: "a file of \(bytes.count) bytes; it is cut off")
      }
      guard storages.updateValue(range, forKey: key) == nil else {
        throw .layout(expected: "each storage once", found: "\(shown(key)) twice")
      }
      position = range.upperBound
    }
    return storages
  }

  private static func checkLength(_ bytes: Int) throws(PyTorchProblem) {
    guard bytes <= pickleLimit else {
      throw .layout(expected: "a pickle of at most \(pickleLimit) bytes", found: "\(bytes)")
    }
  }
}
