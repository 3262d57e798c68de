/// Where the entries of a zip archive lie, by its central directory (APPNOTE.TXT 6.3.9, zip64 included).
///
/// Entries are stored, as PyTorch writes them, and are read where they lie. All of them must lie in the file, before the
/// central directory, beside each other. Their names stay in the file; what is kept of an entry is smaller than its two
/// headers there.
struct ZipArchive {
  /// One entry.
  private struct Entry {
    /// Where its path stands in the file.
    let name: Range<Int>
    /// Where its own header starts.
    let start: Int
    /// Its bytes in the file.
    let range: Range<Int>
    let obstacle: Obstacle?
  }

  /// Why an entry cannot be read.
  enum Obstacle {
    case encrypted, deflated
    case compressed(UInt16)

    var title: String {
      switch self {
      case .encrypted: "an encrypted one"
      case .deflated: "a deflated one"
      case .compressed(let method): "compression \(method)"
      }
    }
  }

  private let bytes: [UInt8]
  private let entries: [Entry]
  /// The numbers of the entries in the order of their names.
  private let order: [UInt32]

  /// The directory of the archive that `bytes` are.
  ///
  /// - Throws: `PyTorchProblem.archive`.
  init(_ bytes: [UInt8]) throws(PyTorchProblem) {
    self.bytes = bytes
    let directory = try Directory(bytes)
    var entries: [Entry] = []
    entries.reserveCapacity(min(directory.count, directory.range.count / Record.byteCount))
    var position = directory.range.lowerBound
    while position < directory.range.upperBound {
      let record = try Record(bytes, at: position, end: directory.range.upperBound)
      entries.append(
        Entry(
          name: record.namePlace, start: record.start,
          range: try record.content(bytes, end: directory.range.lowerBound), obstacle: record.obstacle))
      position = record.next
    }
    let order = (0..<UInt32(entries.count)).sorted { left, right in
      bytes.compare(entries[Int(left)].name, entries[Int(right)].name) < 0
    }
    func name(_ entry: UInt32) -> String { String(decoding: bytes[entries[Int(entry)].name], as: UTF8.self) }
    for (before, after) in zip(order, order.dropFirst())
    where bytes.compare(entries[Int(before)].name, entries[Int(after)].name) == 0 {
      throw .archive(entry: name(after), expected: "each entry of the archive once", found: "it twice")
    }
    guard entries.count == directory.count else {
      throw .archive(
        entry: nil, expected: "\(directory.count) entries in the archive", found: "\(entries.count)")
    }
    let places = (0..<UInt32(entries.count)).sorted { left, right in
      let (left, right) = (entries[Int(left)], entries[Int(right)])
      return (left.start, left.range.upperBound) < (right.start, right.range.upperBound)
    }
    for (before, after) in zip(places, places.dropFirst())
    where entries[Int(after)].start < entries[Int(before)].range.upperBound {
      throw .archive(
        entry: name(after), expected: "to start behind \(shown(name(before)))",
        found: "byte \(entries[Int(after)].start), inside of it")
    }
    (self.entries, self.order) = (entries, order)
  }

  /// Whether there is an entry `name`.
  func contains(_ name: String) -> Bool { entry(name) != nil }

  /// The names of the entries that end with `suffix` and lie in one folder, `FOLDER/REST`.
  func names(endingWith suffix: String) -> [String] {
    let suffix = Array(suffix.utf8)
    return entries.lazy.map { bytes[$0.name] }.filter { name in
      name.suffix(suffix.count).elementsEqual(suffix)
        && name.split(separator: UInt8(ascii: "/")).count == 2
    }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of the entry `name`, or `nil` without one.
  ///
  /// - Throws: `PyTorchProblem.archive` for an entry that is deflated or encrypted.
  func range(of name: String) throws(PyTorchProblem) -> Range<Int>? {
    guard let entry = entry(name) else { return nil }
    if let obstacle = entry.obstacle {
      throw .archive(
        entry: name, expected: "a stored entry, as PyTorch writes them",
        found: "\(obstacle.title); unpack it and save it again with torch.save")
    }
    return entry.range
  }

  private func entry(_ name: String) -> Entry? {
    let name = Array(name.utf8)
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[Int(order[middle])]
      let difference = bytes.compare(entry.name, name)
      if difference == 0 { return entry }
      if difference < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

extension [UInt8] {
  /// Below 0, 0 or above 0 as the bytes in one range come before, are the same as or come behind those in another.
  fileprivate func compare(_ left: Range<Int>, _ right: Range<Int>) -> Int {
    withUnsafeBytes { Self.compare($0[left], $0[right]) }
  }

  /// The same with the bytes of another list.
  fileprivate func compare(_ left: Range<Int>, _ right: [UInt8]) -> Int {
    withUnsafeBytes { bytes in right.withUnsafeBytes { Self.compare(bytes[left], $0[...]) } }
  }

  private static func compare(
    _ left: Slice<UnsafeRawBufferPointer>, _ right: Slice<UnsafeRawBufferPointer>
  ) -> Int {
    for (left, right) in zip(left, right) where left != right { return left < right ? -1 : 1 }
    return left.count - right.count
  }
}
