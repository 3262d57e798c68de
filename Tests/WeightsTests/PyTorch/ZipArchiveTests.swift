import TensorCore
import Testing
import Weights

/// Archives that are cut, overlap, or lead elsewhere.
@Suite struct ZipArchiveTests {
  private static let pickle = Pickle.dictionary { $0.tensor(count: 2, size: [2], stride: [1]) }

  private static var archive: Archive {
    Archive(pickle: pickle, storages: ["0": littleEndian([Float(1).bitPattern, Float(2).bitPattern])])
  }

  @Test func readsWhatTheTestsWrite() throws {
    let file = try PyTorchReader.read(Self.archive.bytes, name: "x.pth")
    #expect(try file.tensor("w") == Tensor([1, 2], shape: [2]))
  }

  /// A comment may stand at the end, and may hold what looks like another end.
  @Test func readsAnArchiveWithAComment() throws {
    var bytes = Self.archive.bytes
    let comment = Array("PK\u{5}\u{6} is how an archive ends".utf8)
    bytes.replaceSubrange(bytes.count - 2..<bytes.count, with: littleEndian(UInt16(comment.count)))
    let file = try PyTorchReader.read(bytes + comment, name: "x.pth")
    #expect(try file.tensor("w") == Tensor([1, 2], shape: [2]))
  }

  static let damages: [(change: @Sendable (inout Archive) -> Void, message: String)] = [
    (
      { $0.entries[1].flags = 1 },
      "m/data/0: expected a stored entry, as PyTorch writes them, found an encrypted one; unpack it and save it again "
        + "with torch.save"
    ),
    (
      { $0.entries[1].method = 8 },
      "m/data/0: expected a stored entry, as PyTorch writes them, found a deflated one; unpack it and save it again "
        + "with torch.save"
    ),
    (
      { $0.entries[0].method = 12 },
      "m/data.pkl: expected a stored entry, as PyTorch writes them, found compression 12; unpack it and save it again "
        + "with torch.save"
    ),
    ({ $0.entries[1].size = 9000 }, "m/data/0: expected 9000 bytes inside of the file, found 8"),
    (
      { $0.entries[1].size = .max },
      "m/data/0: expected a size and a place, found numbers that cannot be read"
    ),
    ({ $0.entries[1].start = 0 }, "m/data/0: expected the same name in its own header, found another"),
    (
      { $0.entries[1].start = 7 }, "m/data/0: expected a header at byte 7, found none; the file is damaged"
    ),
    (
      { $0.entries[1].start = 0xFFFF_FFFE },
      "m/data/0: expected a header at byte 4294967294, found none; the file is damaged"
    ),
    (
      { $0.entries[1].localName = "m/data/1" },
      "m/data/0: expected the same name in its own header, found another"
    ),
    (
      { $0.entries[1].name = "m/../../etc/passwd" },
      "m/../../etc/passwd: expected a name inside of the archive, found one that leads out of it"
    ),
    (
      { $0.entries[1].name = "/etc/passwd" },
      "/etc/passwd: expected a name inside of the archive, found one that leads out of it"
    ),
    (
      { $0.entries[1].name = "m\\..\\x" },
      "m\\..\\x: expected a name inside of the archive, found one that leads out of it"
    ),
    (
      { $0.entries.append($0.entries[1]) },
      "m/data/0: expected each entry of the archive once, found it twice"
    ),
    ({ $0.entries[0].name = "data.pkl" }, "expected one entry NAME/data.pkl in the archive, found 0"),
    (
      { $0.entries.append(.init(name: "n/data.pkl", content: [])) },
      "expected one entry NAME/data.pkl in the archive, found 2"
    ),
    (
      { archive in
        // Reaches over the header and the bytes of the entry behind it.
        archive.entries[0].size = UInt32(archive.entries[0].content.count + 40)
      }, "m/data/0: expected to start behind m/data.pkl, found byte \(40 + pickle.count), inside of it"
    ),
  ]

  @Test(arguments: damages.indices) func refuses(_ index: Int) {
    let (change, message) = Self.damages[index]
    var archive = Self.archive
    change(&archive)
    #expect(refusal(archive.bytes) == message)
  }

  @Test func refusesADirectoryThatIsElsewhere() {
    let bytes = Self.archive.bytes
    let end = bytes.count - 22
    let elsewhere =
      "expected the archive's directory inside of its \(bytes.count) bytes, found another place; it is "
      + "cut off or not an archive"
    var damaged = bytes
    damaged.replaceSubrange(end + 16..<end + 20, with: littleEndian(UInt32.max))
    #expect(refusal(damaged) == elsewhere)
    damaged = bytes
    damaged.replaceSubrange(end + 12..<end + 16, with: littleEndian(UInt32.max))
    #expect(refusal(damaged) == elsewhere)
    damaged = bytes
    damaged.replaceSubrange(end + 10..<end + 12, with: littleEndian(UInt16(9)))
    #expect(refusal(damaged) == "expected 9 entries in the archive, found 2")
    #expect(
      refusal(Array(bytes[..<40]))
        == "expected a zip archive with its directory at the end, found none in 40 bytes; it is cut off")
  }

  /// As archives of more than 4 GiB have them: numbers in a field of their own, those that are there in order.
  @Test(arguments: [(true, true), (true, false), (false, true)])
  func readsZip64(sizes: Bool, place: Bool) throws {
    var archive = Self.archive
    for index in archive.entries.indices {
      (archive.entries[index].wideSizes, archive.entries[index].widePlace) = (sizes, place)
    }
    let bytes = archive.bytes
    #expect(try PyTorchReader.read(bytes, name: "x.pth").tensor("w") == Tensor([1, 2], shape: [2]))
    // The end of such an archive says nothing but where its own wide form lies.
    let end = bytes.count - 22
    let count = { (place: Int) in
      bytes[place..<place + 4].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    let record =
      littleEndian(UInt32(0x0606_4b50)) + [UInt8](repeating: 0, count: 28)
      + littleEndian([UInt64(archive.entries.count), count(end + 12), count(end + 16)])
    let locator =
      littleEndian(UInt32(0x0706_4b50)) + littleEndian(UInt32(0)) + littleEndian(UInt64(end))
      + littleEndian(UInt32(1))
    var last = Array(bytes[end...])
    last.replaceSubrange(8..<20, with: [UInt8](repeating: 0xFF, count: 12))
    let file = try PyTorchReader.read(Array(bytes[..<end]) + record + locator + last, name: "x.pth")
    #expect(try file.tensor("w") == Tensor([1, 2], shape: [2]))
  }

  /// A zip64 end whose numbers are as large as they can be.
  @Test func refusesZip64NumbersBeyondTheFile() {
    let bytes = Self.archive.bytes
    let end = bytes.count - 22
    for numbers: [UInt64] in [[2, .max, 0], [2, 10, .max], [.max, 10, 10], [2, 1 << 63, 1 << 63]] {
      let record =
        littleEndian(UInt32(0x0606_4b50)) + [UInt8](repeating: 0, count: 28) + littleEndian(numbers)
      let locator =
        littleEndian(UInt32(0x0706_4b50)) + littleEndian(UInt32(0)) + littleEndian(UInt64(end))
        + littleEndian(UInt32(1))
      let damaged = Array(bytes[..<end]) + record + locator + Array(bytes[end...])
      #expect(
        refusal(damaged).hasPrefix("expected the archive's directory inside of its \(damaged.count) bytes"))
    }
  }

  @Test func refusesLongFolders() {
    var archive = Archive(pickle: (Pickle() + "}.").bytes)
    archive.entries[0].name = String(repeating: "m", count: 991) + "/data.pkl"
    #expect(refusal(archive.bytes) == "none")
    archive.entries[0].name = "m" + archive.entries[0].name
    #expect(
      refusal(archive.bytes)
        == String(repeating: "m", count: 80) + "…: expected a name of at most 1000 bytes, found one of 1001")
  }
}
