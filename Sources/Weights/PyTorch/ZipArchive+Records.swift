extension ZipArchive {
  /// The end of the archive, which says where the central directory lies.
  struct Directory {
    let range: Range<Int>
    let count: Int

    private static let endSignature: UInt32 = 0x0605_4b50
    private static let locatorSignature: UInt32 = 0x0706_4b50
    private static let zip64Signature: UInt32 = 0x0606_4b50
    private static let endSize = 22
    private static let locatorSize = 20

    init(_ bytes: [UInt8]) throws(PyTorchProblem) {
      let cutOff = PyTorchProblem.archive(
        entry: nil, expected: "a zip archive with its directory at the end",
        found: "none in \(bytes.count) bytes; it is cut off")
      // A comment of up to 65535 bytes may stand behind the end record.
      let first = max(0, bytes.count - Self.endSize - 0xFFFF)
      let end = stride(from: bytes.count - Self.endSize, through: first, by: -1).first { place in
        bytes.number(at: place, as: UInt32.self) == Self.endSignature
          && bytes.count(at: place + 20, as: UInt16.self) == bytes.count - place - Self.endSize
      }
      guard let end else { throw cutOff }
      let locator = end - Self.locatorSize
      let found: (count: Int?, size: Int?, start: Int?)
      var limit = end
      if bytes.number(at: locator, as: UInt32.self) == Self.locatorSignature {
        guard let record = bytes.count(at: locator + 8, as: UInt64.self), record <= locator,
          bytes.number(at: record, as: UInt32.self) == Self.zip64Signature
        else { throw cutOff }
        found = (
          bytes.count(at: record + 32, as: UInt64.self), bytes.count(at: record + 40, as: UInt64.self),
          bytes.count(at: record + 48, as: UInt64.self)
        )
        limit = record
      } else {
        found = (
          bytes.count(at: end + 10, as: UInt16.self), bytes.count(at: end + 12, as: UInt32.self),
          bytes.count(at: end + 16, as: UInt32.self)
        )
      }
      guard let count = found.count, let size = found.size, let start = found.start,
        let range = Range(start: start, count: size, limit: limit)
      else {
        throw .archive(
          entry: nil, expected: "the archive's directory inside of its \(bytes.count) bytes",
          found: "another place; it is cut off or not an archive")
      }
      (self.range, self.count) = (range, count)
    }
  }

  /// What the central directory says of an entry.
  struct Record {
    let name: String
    /// Where the name stands.
    let namePlace: Range<Int>
    let obstacle: Obstacle?
    /// Where the entry's own header starts.
    let start: Int
    let size: Int
    let stored: Int
    /// Where the next record starts.
    let next: Int

    private static let signature: UInt32 = 0x0201_4b50
    private static let localSignature: UInt32 = 0x0403_4b50
    static let byteCount = 46
    private static let localByteCount = 30

    init(_ bytes: [UInt8], at place: Int, end: Int) throws(PyTorchProblem) {
      let broken = PyTorchProblem.archive(
        entry: nil, expected: "an entry of the archive's directory at byte \(place)", found: "something else")
      guard end - place >= Self.byteCount, bytes.number(at: place, as: UInt32.self) == Self.signature,
        let flags = bytes.number(at: place + 8, as: UInt16.self),
        let method = bytes.number(at: place + 10, as: UInt16.self),
        let nameCount = bytes.count(at: place + 28, as: UInt16.self),
        let extraCount = bytes.count(at: place + 30, as: UInt16.self),
        let commentCount = bytes.count(at: place + 32, as: UInt16.self),
        let names = Range(start: place + Self.byteCount, count: nameCount, limit: end),
        let extra = Range(start: names.upperBound, count: extraCount, limit: end),
        let rest = Range(start: extra.upperBound, count: commentCount, limit: end),
        let name = String(validating: bytes[names], as: UTF8.self)
      else { throw broken }
      // Bytes are compared, not characters: marks in a name of 64 KB would take long to bring into one order.
      let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard name.utf8.first != UInt8(ascii: "/"), !parts.contains(where: { $0.elementsEqual("..".utf8) }),
        !name.utf8.contains(UInt8(ascii: "\\")), !name.utf8.contains(0)
      else {
        throw .archive(
          entry: name, expected: "a name inside of the archive", found: "one that leads out of it")
      }
      (self.name, namePlace) = (name, names)
      obstacle =
        flags & 0x2041 != 0
        ? .encrypted : method == 8 ? .deflated : method != 0 ? .compressed(method) : nil
      next = rest.upperBound
      // Sizes and place, in this order, stand in the zip64 field when they do not fit.
      var wide = Self.zip64Field(bytes, extra)
      func number(_ offset: Int) -> Int? {
        guard let short = bytes.number(at: place + offset, as: UInt32.self) else { return nil }
        guard short == .max else { return Int(short) }
        guard let field = wide, field.count >= 8 else { return nil }
        wide = field.dropFirst(8)
        return bytes.count(at: field.lowerBound, as: UInt64.self)
      }
      guard let size = number(24), let stored = number(20), let start = number(42) else {
        throw .archive(entry: name, expected: "a size and a place", found: "numbers that cannot be read")
      }
      (self.size, self.stored, self.start) = (size, stored, start)
    }

    /// The bytes of the entry, which follow its own header and end before `end`.
    func content(_ bytes: [UInt8], end: Int) throws(PyTorchProblem) -> Range<Int> {
      guard start <= end, end - start >= Self.localByteCount,
        bytes.number(at: start, as: UInt32.self) == Self.localSignature,
        let nameCount = bytes.count(at: start + 26, as: UInt16.self),
        let extraCount = bytes.count(at: start + 28, as: UInt16.self),
        let names = Range(start: start + Self.localByteCount, count: nameCount, limit: end),
        let extra = Range(start: names.upperBound, count: extraCount, limit: end)
      else {
        throw .archive(entry: name, expected: "a header at byte \(start)", found: "none; the file is damaged")
      }
      guard bytes[names].elementsEqual(name.utf8) else {
        throw .archive(entry: name, expected: "the same name in its own header", found: "another")
      }
      guard let range = Range(start: extra.upperBound, count: stored, limit: end) else {
        throw .archive(
          entry: name, expected: "\(stored) bytes inside of the file", found: "\(end - extra.upperBound)")
      }
      guard obstacle != nil || stored == size else {
        throw .archive(
          entry: name, expected: "as many bytes stored as there are, \(size)", found: "\(stored)")
      }
      return range
    }

    /// The content of the zip64 field among the extra fields.
    private static func zip64Field(_ bytes: [UInt8], _ extra: Range<Int>) -> Range<Int>? {
      var place = extra.lowerBound
      while extra.upperBound - place >= 4 {
        guard let kind = bytes.number(at: place, as: UInt16.self),
          let count = bytes.count(at: place + 2, as: UInt16.self),
          let field = Range(start: place + 4, count: count, limit: extra.upperBound)
        else { return nil }
        if kind == 1 { return field }
        place = field.upperBound
      }
      return nil
    }
  }
}
