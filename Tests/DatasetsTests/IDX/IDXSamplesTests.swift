import Augmentation
import Datasets
import Testing

@Suite struct IDXSamplesTests {
  @Test(arguments: [("", false), (".gz", true), ("", true)])
  func readsImagesAndLabels(suffix: String, isPacked: Bool) throws {
    let folder = try TemporaryFolder()
    let pack = isPacked ? IDXBytes.gzip : { $0 }
    let dataset = try folder.digits(
      images: pack(IDXBytes.images(4)), labels: pack(IDXBytes.labels([0, 2, 1, 0])), suffix: suffix)
    #expect(dataset.count == 4 && dataset.truth == .label && dataset.isInMemory)
    #expect(dataset.title == "set/all" && dataset.classes == ["a", "b", "c"])
    #expect((0..<4).map { dataset.name(at: $0) } == ["i[0]", "i[1]", "i[2]", "i[3]"])
    let samples = try (0..<4).map { try dataset.sample(at: $0) }
    #expect(samples.map(\.label) == [0, 2, 1, 0] && samples.allSatisfy { $0.mask == nil })
    #expect(samples[1].width == 3 && samples[1].height == 2)
    #expect(samples[1].rgb == (6..<12).flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
    #expect(dataset.paths(at: 0) == nil)
  }

  @Test func aPartOfTheImages() throws {
    let folder = try TemporaryFolder()
    let middle = try folder.digits(", from: 1, count: 2")
    #expect(middle.count == 2 && middle.name(at: 0) == "i[1]")
    #expect(try middle.sample(at: 0).label == 2 && middle.sample(at: 1).label == 1)
    #expect(try middle.sample(at: 0).rgb[0] == 6)
    let rest = try folder.digits(", from: 3")
    #expect(try rest.count == 1 && rest.sample(at: 0).rgb[0] == 18)
    for (keys, found) in [
      (", from: 4", "the rest from 4"), (", from: 2, count: 3", "3 from 2"),
      (", from: 4294967295, count: 4294967295", "4294967295 from 4294967295"),
    ] {
      #expect(
        message { try folder.digits(keys) }
          == "set.yaml: expected a part of 4 images under 'splits.all', found \(found); correct 'from' and 'count'"
      )
    }
  }

  @Test(arguments: badFiles)
  func badImages(bytes: [UInt8], expected: String) throws {
    let folder = try TemporaryFolder()
    #expect(message { try folder.digits(images: bytes) } == "\(folder.path)\(expected)")
  }

  @Test func aWrongChecksum() throws {
    let folder = try TemporaryFolder()
    var bytes = IDXBytes.gzip(IDXBytes.images(4))
    bytes[bytes.count - 8] ^= 1
    #expect(
      message { try folder.digits(images: bytes) }
        == "\(folder.path)/i: expected gzip data, found damaged ones; copy it again")
  }

  @Test func filesThatDoNotBelongTogether() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { try folder.digits(labels: IDXBytes.labels([0, 1, 2])) }
        == "\(folder.path)/l: expected 4 labels, one for each image of \(folder.path)/i, found 3; take files of one set"
    )
    #expect(
      message { try folder.digits(labels: IDXBytes.labels([0, 1, 3, 0])) }
        == "\(folder.path)/l: expected labels 0…2, found 3 at 2; name all classes under 'classes:'")
  }

  @Test(.enabled(if: sharedData != nil, "skipped: no data"))
  func theDigitsThatPeopleHave() throws {
    let description = try DatasetDescription.read("\(descriptions)/mnist.yaml")
    #expect(description.truth == .label && description.splits == ["train", "test", "first-55000", "val"])
    let train = try Dataset(description, split: "train")
    #expect(train.count == 60_000 && train.name(at: 7) == "train-images-idx3-ubyte[7]")
    func ink(_ sample: Sample) -> Int { sample.rgb.reduce(0) { $0 + Int($1) } / 3 }
    let (first, last) = (try train.sample(at: 0), try train.sample(at: 59_999))
    #expect(first.label == 5 && ink(first) == 27_525 && first.width == 28 && first.height == 28)
    #expect(last.label == 8 && ink(last) == 20_920)
    let held = try Dataset(description, split: "val")
    #expect(held.count == 5_000)
    let (sample, same) = (try held.sample(at: 0), try train.sample(at: 55_000))
    #expect(sample.label == 1 && ink(sample) == 12_743 && sample == same)
    #expect(try Dataset(description, split: "test").count == 10_000)
  }
}

/// Bytes that are no images, with what is said of them.
private let badFiles: [([UInt8], String)] = [
  (
    IDXBytes.labels([1]),
    "/i: expected an IDX file of images (0x00000803), found 0x00000801; check that this is the right file"
  ),
  (
    [0, 0, 8],
    "/i: expected an IDX file of images (0x00000803), found fewer than four bytes; check that this is the right file"
  ),
  ([0, 0, 8, 3, 0, 0], "/i: expected 12 bytes of data, as its header says, found fewer; copy it again"),
  (
    Array(IDXBytes.images(4).dropLast()),
    "/i: expected 24 bytes of data, as its header says, found fewer; copy it again"
  ),
  (
    IDXBytes.images(4) + [0],
    "/i: expected 24 bytes of data, as its header says, found more; copy it again"
  ),
  (
    IDXBytes.file(0x803, [4, 0, 3], []),
    "/i: expected sizes of at least 1 and 2147483648 bytes together at most, found 4 × 0 × 3; check that this is the "
      + "right file"
  ),
  (
    IDXBytes.file(0x803, [.max, .max, .max], []),
    "/i: expected sizes of at least 1 and 2147483648 bytes together at most, found 4294967295 × 4294967295 × "
      + "4294967295; check that this is the right file"
  ),
  // What the header asks for is more than the file can hold: refused before memory is taken.
  (
    IDXBytes.gzip(IDXBytes.file(0x803, [2, 1 << 15, 1 << 15], [1])),
    "/i: expected 2147483648 bytes of data, as its header says, found fewer; copy it again"
  ),
  (
    Array(IDXBytes.gzip(IDXBytes.images(4)).dropLast(20)),
    "/i: expected 24 bytes of data, as its header says, found fewer; copy it again"
  ),
  (
    Array(IDXBytes.gzip(IDXBytes.images(4)).dropLast(3)),
    "/i: expected gzip data, found damaged ones; copy it again"
  ),
  (IDXBytes.gzip(IDXBytes.images(4)) + [7], "/i: expected gzip data, found damaged ones; copy it again"),
  ([0x1F, 0x8B, 9, 9, 9, 9, 9, 9], "/i: expected gzip data, found damaged ones; copy it again"),
]
