import TensorCore
import Testing
import Weights

/// What a file of PyTorch's may make of memory: about as much as it has bytes, and a mebibyte when it is small.
@Suite struct PickleMemoryTests {
  private static let remedy = "save the parameters alone, torch.save(model.state_dict(), 'model.pth')"

  /// An archive of a pickle and the storage `0`, of numbers from 0 on.
  private func archive(_ pickle: Pickle, floats: Int = 6) -> [UInt8] {
    let numbers = (0..<floats).map { Float($0).bitPattern }
    return Archive(pickle: pickle.bytes, storages: ["0": littleEndian(numbers)]).bytes
  }

  /// Opcodes over and over, in a pickle between others.
  private static func repeated(_ unit: [UInt8], _ size: Int, after start: String = "", _ end: String = "")
    -> Pickle
  {
    let units = [UInt8](repeatElement(unit, count: size / unit.count).joined())
    return Pickle() + start + units + end + "."
  }

  private static func repeated(_ unit: String, _ size: Int, after start: String = "", _ end: String = "")
    -> Pickle
  {
    repeated(Array(unit.utf8), size, after: start, end)
  }

  /// Different units one after the other, in a pickle between others.
  private static func counted(
    _ count: Int, after start: Pickle, _ end: String = "", _ unit: (Int) -> [UInt8]
  ) -> Pickle {
    start + (0..<count).flatMap(unit) + end + "."
  }

  /// Pickles of about so many bytes whose values take far more memory than that.
  static let wasteful: [(what: String, pickle: @Sendable (Int) -> Pickle)] = [
    ("none", { repeated("N", $0) }),
    ("marks", { repeated("(", $0) }),
    ("lists", { repeated("]", $0) }),
    ("tuples", { repeated(")", $0) }),
    ("dictionaries", { repeated("}", $0) }),
    ("numbers", { repeated("K\u{1}", $0) }),
    ("text", { repeated("U\u{1}a", $0) }),
    ("names", { repeated("ca\nb\n", $0) }),
    ("known names", { repeated("ctorch\nSize\n", $0) }),
    ("tuples in tuples", { repeated([0x85], $0, after: ")") }),
    ("triples", { repeated(Array("NNN".utf8) + [0x87], $0) }),
    ("a list, one by one", { repeated("Na", $0, after: "]") }),
    ("a list", { repeated("N", $0, after: "](", "e") }),
    ("a dictionary, one by one", { repeated("U\u{1}aNs", $0, after: "}") }),
    ("a dictionary", { repeated("U\u{1}aN", $0, after: "}(", "u") }),
    (
      "lists in lists",
      { size in repeated("]", size / 2) + [UInt8](repeating: UInt8(ascii: "a"), count: size / 2) }
    ),
    ("the memo", { repeated([0x94], $0, after: "N") }),
    (
      "the memo, with gaps",
      { size in
        counted(size / 5, after: Pickle() + "N") {
          [UInt8(ascii: "r")] + littleEndian(UInt32(7919 * ($0 + 1)))
        }
      }
    ),
    (
      "copies of a dictionary",
      { size in
        // Each for a few bytes.
        let copy = Array("ccollections\nOrderedDict\nh\0".utf8) + [0x85] + Array("R".utf8)
        return repeated(copy, size, after: "}q\0(" + String(repeating: "N", count: 200) + "u")
      }
    ),
    (
      "storages",
      { size in
        let storage =
          ((Pickle() + "(").text("storage") + "ctorch\nFloatStorage\n").text("0").text("cpu") + "K\u{1}tQ"
        return repeated(Array(storage.bytes.dropFirst(2)), size)
      }
    ),
    (
      "a tensor under many names",
      { size in
        let start = (Pickle() + "}(").text("t").tensor(count: 6, size: [6], stride: [1]) + "q\u{1}"
        return counted(size / 10, after: start, "u") {
          [UInt8(ascii: "U"), 6] + Array(String(100_000 + $0).utf8) + Array("h\u{1}".utf8)
        }
      }
    ),
    (
      "keys beside a state dictionary",
      { size in
        counted(size / 9, after: Pickle() + "}(", "u") {
          [UInt8(ascii: "U"), 6] + Array(String(100_000 + $0).utf8) + Array("N".utf8)
        }
      }
    ),
  ]

  @Test(arguments: wasteful.indices) func limitsWhatAPickleMakes(_ index: Int) {
    let (what, pickle) = Self.wasteful[index]
    let bytes = archive(pickle(2_000_000))
    #expect(
      refusal(bytes)
        == "expected a pickle whose values take at most \(bytes.count) bytes of memory, found more; \(Self.remedy)",
      "\(what)")
    let small = archive(pickle(5000))
    #expect(!refusal(small).contains("of memory"), "\(what)")
  }

  /// How a file of the older form begins: pickles of a magic number and a version.
  private static let head: [UInt8] = {
    let magic: [UInt8] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    return (Pickle() + magic + ".").bytes + (Pickle() + [UInt8(ascii: "M"), 0xe9, 3] + ".").bytes
  }()

  /// The older form has a table of its storages.
  @Test func chargesTheTableOfStoragesInARow() {
    let count = 10_000
    let start = (Pickle() + "}").text("storage") + "q\0bctorch\nFloatStorage\nq\u{1}b"
    let pickle = Self.counted(count, after: start) {
      let key = String(100_000 + $0)
      return Array("(h\0h\u{1}U\u{6}\(key)h\0K\u{1}tQb".utf8)
    }
    func file(bytes: Int) -> [UInt8] {
      let pickles = Self.head + (Pickle() + "}.").bytes + pickle.bytes + (Pickle() + "].").bytes
      return pickles + [UInt8](repeating: 0, count: bytes - pickles.count)
    }
    // Five elements, two containers and a storage of 32 bytes; and its place in the table.
    let each = 5 * 16 + 2 * 16 + 32 + 192
    #expect(refusal(file(bytes: count * each * 9 / 10)).contains("bytes of memory"))
    #expect(refusal(file(bytes: count * each * 11 / 10)) == "none")
  }

  /// The older form has more than one pickle.
  @Test func limitsWhatPicklesInARowMake() throws {
    let empty = [(Pickle() + "}.").bytes, (Pickle() + "}.").bytes, (Pickle() + "].").bytes]
    #expect(refusal(Self.head + empty.joined()) == "none")
    for place in 0..<3 {
      var pickles = empty
      pickles[place] = Self.repeated("}", 2_000_000).bytes
      let bytes = Self.head + pickles.joined()
      #expect(
        refusal(bytes)
          == "expected a pickle whose values take at most \(bytes.count) bytes of memory, found more; \(Self.remedy)"
      )
    }
  }

  /// A network of 700 tensors of one element each, the way that PyTorch writes them.
  @Test func takesSmallFilesOfManyTensors() throws {
    let pickle = Self.counted(700, after: Pickle() + "}q\0(", "u") { index in
      Array(
        Pickle().text("features.layer\(index).norm.weight")
          .tensor(key: "\(index)", count: 1, size: [1, 1, 1, 1], stride: [1, 1, 1, 1]).bytes.dropFirst(2))
    }
    let storages = (0..<700).map { ("\($0)", littleEndian(Float($0).bitPattern)) }
    let bytes = Archive(pickle: pickle.bytes, storages: Dictionary(uniqueKeysWithValues: storages)).bytes
    let file = try PyTorchReader.read(bytes, name: "x.pth")
    #expect(file.entries.count == 700)
    #expect(try file.tensor("features.layer699.norm.weight") == Tensor([699], shape: [1, 1, 1, 1]))
  }

  /// Storages that overlap would let a small file grow; each tensor alone is in order.
  @Test func refusesStoragesThatAreSharedInParts() {
    func shared(_ count: Int, _ stride: Int) -> [UInt8] {
      var pickle = Pickle() + "}"
      for index in 0..<100 {
        pickle = pickle.text("w\(index)")
          .tensor(count: 100_000, offset: stride * index, size: [count], stride: [1]).then("s")
      }
      return archive(pickle + ".", floats: 100_000)
    }
    let bytes = shared(90_000, 100)
    #expect(
      refusal(bytes)
        == "expected tensors of at most \(bytes.count) bytes, found 720000, because they share storages; "
        + "save copies of them")
    // A hundred parts of a storage beside each other are no more than it.
    #expect(refusal(shared(1000, 1000)) == "none")
  }

  /// A tensor under many names, as tied weights are, is there once.
  @Test func sharesTensorsThatAreTheSame() throws {
    var pickle = Pickle() + "}"
    for index in 0..<100 {
      pickle = pickle.text("w\(index)").tensor(count: 100_000, size: [100_000], stride: [1]).then("s")
    }
    let bytes = archive(pickle + ".", floats: 100_000)
    let tensors = try Checkpoint.read(bytes, name: "x.pth").parameters
    #expect(tensors.count == 100)
    let places = Set(tensors.values.map { $0.withUnsafeElements { $0.baseAddress } })
    #expect(places.count == 1)
    // Changing one leaves the others as they are.
    var first = try #require(tensors["w0"])
    first.withUnsafeMutableElements { $0[7] = -1 }
    #expect(first.elements[7] == -1)
    #expect(tensors["w1"]?.elements[7] == 7)
  }

  /// The same elements in another shape, as a dense layer's weight and the convolution's that it is.
  @Test func sharesElementsOfOtherShapes() throws {
    let pickle = (Pickle() + "}").text("a").tensor(count: 100_000, size: [100, 1000], stride: [1000, 1]).then(
      "s"
    )
    .text("b").tensor(count: 100_000, size: [100, 1000, 1, 1], stride: [1000, 1, 7, 7]).then("s.")
    let tensors = try Checkpoint.read(archive(pickle, floats: 100_000), name: "x.pth").parameters
    let (dense, convolution) = (try #require(tensors["a"]), try #require(tensors["b"]))
    #expect(dense.shape == [100, 1000] && convolution.shape == [100, 1000, 1, 1])
    #expect(dense.elements == convolution.elements)
    #expect(
      dense.withUnsafeElements { $0.baseAddress } == convolution.withUnsafeElements { $0.baseAddress })
  }

  /// A file of exactly so many bytes, of a pickle and zeros beside it.
  private func file(_ pickle: Pickle, bytes: Int) -> [UInt8] {
    let small = Archive(pickle: pickle.bytes, storages: ["0": [0, 0, 0, 0], "z": []]).bytes
    return Archive(
      pickle: pickle.bytes,
      storages: ["0": [0, 0, 0, 0], "z": [UInt8](repeating: 0, count: max(0, bytes - small.count))]
    ).bytes
  }

  /// What each of 100,000 takes, in bytes, by nothing but the opcodes that make it.
  static let charged: [(what: String, bytes: Int, pickle: Pickle)] = [
    // `b` takes the list from the stack again.
    ("a container", 16, repeated("]b", 200_000, after: "}", "")),
    ("an element", 16, repeated("Na", 200_000, after: "]")),
    ("a depth of the stack", 48, repeated("N", 100_000)),
    ("a mark", 24, repeated("(", 100_000)),
    ("a kept value", 16, repeated([0x94], 100_000, after: "N")),
    (
      "a storage and its container", 48,
      repeated(
        "h\0Qb", 400_000,
        after: "}(" + "X\u{7}\0\0\0storagectorch\nFloatStorage\nX\u{1}\0\0\00X\u{3}\0\0\0cpuK\u{1}tq\0b")
    ),
    (
      "a tensor and its container", 56,
      repeated(
        "h\u{1}h\u{2}Rb", 600_000,
        after: "}(" + "X\u{7}\0\0\0storagectorch\nFloatStorage\nX\u{1}\0\0\00X\u{3}\0\0\0cpuK\u{1}tQq\0b"
          + "ctorch._utils\n_rebuild_tensor_v2\nq\u{1}b(h\0K\0(K\u{1}t(K\u{1}ttq\u{2}b")
    ),
    ("a foreign name", 16, repeated("ca\nb\nb", 600_000, after: "}")),
    (
      "a key beside a state dictionary", 32 + 48 + 48 + 40,
      repeated("U\u{28}" + String(repeating: "k", count: 40) + "Ns", 4_400_000, after: "}")
    ),
    (
      "a name of a tensor", 32 + 320 + 32 + 3 * 88,
      counted(
        100_000,
        after: (Pickle() + "}").text("t").tensor(count: 1, size: [1], stride: [1]) + "q\u{1}s"
      ) {
        [UInt8(ascii: "U"), 40] + Array(String(Int(1e15) + $0).utf8) + [UInt8](repeating: 97, count: 24)
          + Array("h\u{1}s".utf8)
      }
    ),
  ]

  /// A file a tenth smaller than what values take is refused, and one a tenth larger is not.
  @Test(arguments: charged.indices) func chargesEach(_ index: Int) {
    let (what, bytes, pickle) = Self.charged[index]
    let small = file(pickle, bytes: 90_000 * bytes)
    #expect(refusal(small).contains("bytes of memory"), "\(what)")
    let large = file(pickle, bytes: 115_000 * bytes)
    #expect(!refusal(large).contains("bytes of memory"), "\(what)")
  }
}
