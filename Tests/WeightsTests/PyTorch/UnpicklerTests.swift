import TensorCore
import Testing
import Weights

/// Pickles that nobody honest writes, and the messages that they get.
@Suite struct UnpicklerTests {
  private static let remedy = "; save the parameters alone, torch.save(model.state_dict(), 'model.pth')"

  private func archive(_ pickle: [UInt8], floats: Int = 6) -> [UInt8] {
    let numbers = (0..<floats).map { Float($0).bitPattern }
    return Archive(pickle: pickle, storages: ["0": littleEndian(numbers)]).bytes
  }

  private func tensor(_ pickle: [UInt8]) throws -> Tensor {
    try PyTorchReader.read(archive(pickle), name: "x.pth").tensor("w")
  }

  @Test func readsWhatTheTestsWrite() throws {
    let rows = try tensor(Pickle.dictionary { $0.tensor(count: 6, size: [2, 3], stride: [3, 1]) })
    #expect(rows == Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3]))
    let columns = try tensor(
      Pickle.dictionary { $0.tensor(count: 6, offset: 1, size: [2, 2], stride: [1, 3]) })
    #expect(columns == Tensor([1, 4, 2, 5], shape: [2, 2]))
    let repeated = try tensor(Pickle.dictionary { $0.tensor(count: 6, size: [2, 3], stride: [0, 1]) })
    #expect(repeated == Tensor([0, 1, 2, 0, 1, 2], shape: [2, 3]))
    // More elements than are brought into order together.
    let bytes = archive(
      Pickle.dictionary { $0.tensor(count: 10_001, offset: 1, size: [100, 100], stride: [1, 100]) },
      floats: 10_001)
    let transposed = (0..<10_000).map { place -> Float in
      let (row, column) = (place / 100, place % 100)
      return Float(row + 100 * column + 1)
    }
    #expect(
      try PyTorchReader.read(bytes, name: "x.pth").tensor("w") == Tensor(transposed, shape: [100, 100]))
    let scalar = try tensor(Pickle.dictionary { $0.tensor(count: 6, offset: 5, size: [], stride: []) })
    #expect(scalar == Tensor([5], shape: []))
  }

  static let tensors: [(pickle: [UInt8], message: String)] = [
    (
      Pickle.dictionary { $0.tensor(count: 6, offset: 1, size: [6], stride: [1]) },
      "w: expected elements below 6, where its storage ends, found element 6"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, offset: -1, size: [2], stride: [1]) },
      "w: expected a size that can be counted and a stride for each axis, found size [2] and stride [1]"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, offset: .max, size: [2], stride: [1]) },
      "w: expected 6 elements of its storage, found strides beyond them"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [2], stride: [-1]) },
      "w: expected a size that can be counted and a stride for each axis, found size [2] and stride [-1]"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [-2], stride: [1]) },
      "w: expected a size that can be counted and a stride for each axis, found size [-2] and stride [1]"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [2, 2], stride: [1]) },
      "w: expected a size that can be counted and a stride for each axis, found size [2, 2] and stride [1]"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [2, 2], stride: [.max, .max]) },
      "w: expected 6 elements of its storage, found strides beyond them"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [1 << 40, 1 << 40], stride: [0, 0]) },
      "w: expected a size that can be counted and a stride for each axis, found size [1099511627776, 1099511627776] "
        + "and stride [0, 0]"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [1 << 40], stride: [0]) },
      "w: expected at most the 6 elements of its storage, found 1099511627776"
    ),
    (
      // Elements there are none, and the product of the other extents is beyond 64 bits.
      Pickle.dictionary { $0.tensor(count: 6, size: [0, 1 << 62, 4], stride: [1, 4, 1]) },
      "none"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 7, size: [1], stride: [1]) },
      "w: expected a storage of 7 elements of F32, found 24 bytes"
    ),
    (
      Pickle.dictionary { $0.tensor(count: .max, size: [1], stride: [1]) },
      "w: expected a storage of 9223372036854775807 elements of F32, found 24 bytes"
    ),
    (
      Pickle.dictionary { $0.tensor(key: "1", count: 6, size: [1], stride: [1]) },
      "m/data/1: expected a storage that the pickle names, found no such entry"
    ),
    (
      Pickle.dictionary { $0.tensor(key: "../data.pkl", count: 6, size: [1], stride: [1]) },
      "m/data/../data.pkl: expected a storage that the pickle names, found no such entry"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 6, size: [1], stride: [1], type: "QInt8Storage") },
      "expected tensors only, found 'torch.QInt8Storage'\(remedy)"
    ),
    (
      Pickle.dictionary { $0.tensor(count: 3, size: [1], stride: [1], type: "ComplexFloatStorage") },
      "none"
    ),
    (
      Pickle.dictionary { $0.tensor(count: -1, size: [0], stride: [1]) },
      "expected a storage's length at byte 72, in the pickle, found -1"
    ),
    (
      (Pickle() + "}").text(String(repeating: "n", count: 1001)).tensor(count: 6, size: [6], stride: [1])
        .then("s.").bytes,
      "\(String(repeating: "n", count: 80))…: expected a name of at most 1000 bytes, found one of 1001"
    ),
    (
      (Pickle() + "}").text("w").tensor(count: 6, size: [6], stride: [1]).then("s").text("w")
        .tensor(count: 6, size: [6], stride: [1]).then("s.").bytes,
      "w: expected each name once, found it twice"
    ),
  ]

  @Test(arguments: tensors.indices) func refusesTensors(_ index: Int) {
    let (pickle, message) = Self.tensors[index]
    let found = refusal(archive(pickle))
    // Where exactly in the file a pickle fails follows from the archive around it.
    let isPlaced = message.contains(" at byte ")
    #expect(isPlaced ? found.hasPrefix("expected a storage's length at byte ") : found == message)
  }

  static let pickles: [(pickle: Pickle, message: String)] = [
    (
      Pickle() + "cos\nsystem\nX\u{2}\0\0\0ls\u{85}R.",
      "expected tensors only, found a call of 'os.system'\(remedy)"
    ),
    (
      Pickle() + "(X\u{2}\0\0\0lsios\nsystem\n.",
      "expected tensors only, found a call of 'os.system'\(remedy)"
    ),
    (
      (Pickle().text("os").text("system") + [0x93] + ")R."),
      "expected tensors only, found a call of 'os.system'\(remedy)"
    ),
    (Pickle() + "cos\nsystem\n.", "expected tensors only, found 'os.system'\(remedy)"),
    (
      Pickle() + "c__main__\nNet\n)" + [0x81] + "}b.",
      "expected a state dictionary, found an object of '__main__.Net'\(remedy)"
    ),
    (
      Pickle() + "(c__main__\nNet\no.",
      "expected a state dictionary, found an object of '__main__.Net'\(remedy)"
    ),
    (
      ((Pickle() + "(").text("module") + "c__main__\nNet\n").text("").text("").text("").then("tQ."),
      "expected a state dictionary, found an object of '__main__.Net'\(remedy)"
    ),
    (
      Pickle() + "cos\nsy\u{1b}[31mstem\n)R.",
      "expected tensors only, found a call of 'os.sy\\u{1B}[31mstem'\(remedy)"
    ),
    (Pickle() + ".", "a value on the stack, found none"),
    (Pickle() + "0.", "an opcode that tensors need, found 0x30"),
    (Pickle() + "NN.", "one value at the end, found more"),
    (Pickle() + "(N.", "one value at the end, found more"),
    (Pickle() + "N(R.", "a value on the stack, found none"),
    (Pickle() + "t.", "a mark on the stack, found none"),
    (Pickle() + "N", "1 more bytes, found 0; it is cut off"),
    (Pickle() + "h\u{7}.", "a value kept as 7, found none"),
    (Pickle() + "}(NNNu.", "a value for each key, found a key more"),
    (Pickle() + "NNa.", "a list to append to, found something else"),
    (Pickle() + "NNNs.", "a dictionary to insert into, found something else"),
    (Pickle() + "NNb.", "attributes of a dictionary, found those of something else"),
    (Pickle() + "NQ.", "a storage, found something else"),
    (Pickle() + "NNR.", "a call with its arguments, found something else"),
    (Pickle() + "X" + littleEndian(UInt32.max) + ".", "4294967295 more bytes, found 1; it is cut off"),
    (Pickle() + [0x8d] + littleEndian(UInt64.max) + ".", "a length, found 18446744073709551615"),
    (
      Pickle() + [0x8d] + littleEndian(Int64.max) + ".",
      "9223372036854775807 more bytes, found 1; it is cut off"
    ),
    (Pickle() + [0x8b] + littleEndian(UInt32.max) + ".", "4294967295 more bytes, found 1; it is cut off"),
    (Pickle() + [0x58, 1, 0, 0, 0, 0xff] + ".", "UTF-8, found other bytes"),
    (
      Pickle().text("a" + String(repeating: "\u{301}", count: 31)) + ".",
      "at most 30 combining marks in a row, found more"
    ),
    (
      Pickle().text(String(repeating: "m", count: 257)).text("n") + [0x93] + ".",
      "a module and a name, found something else"
    ),
    (
      ((Pickle() + "(").text("storage") + "ctorch\nFloatStorage\n").text(String(repeating: "1", count: 257))
        .text("cpu")
        + "NtQ.",
      "a storage with its key and length, found something else"
    ),
    (Pickle() + "ctorch", "a name and the end of its line, found none"),
    (
      Pickle() + "ctorch._utils\n_rebuild_tensor_v2\n)R.",
      "a tensor's storage, offset, size and stride, found something else"
    ),
    (Pickle() + "ctorch\nFloatStorage\n)R.", "a call that gives a tensor, found a call of an element type"),
    (Pickle() + "ccollections\nOrderedDict\nN\u{85}R.", "what a dictionary is made of, found something else"),
    (Pickle() + "N.", "expected a state dictionary, found a single value\(remedy)"),
  ]

  @Test(arguments: pickles.indices) func refusesPickles(_ index: Int) {
    let (pickle, message) = Self.pickles[index]
    let bytes: [UInt8] = pickle.bytes.flatMap { $0 == 0xc2 ? [] : [$0] }
    let found = refusal(archive(bytes))
    if message.hasPrefix("expected") {
      #expect(found == message)
    } else {
      // `expected VALUE at byte N, in the pickle, found VALUE`.
      let parts = message.split(separator: ", found ", maxSplits: 1).map(String.init)
      #expect(found.hasPrefix("expected \(parts[0]) at byte "))
      #expect(found.hasSuffix(", in the pickle, found \(parts[1])"))
    }
  }

  @Test func takesContainersThatHoldThemselves() {
    // A dictionary that is its own `state_dict`, and a list that is its own element.
    let dictionary = (Pickle() + "}q\0").text("state_dict") + "h\0s."
    #expect(
      refusal(archive(dictionary.bytes))
        == "expected a state dictionary, found a dictionary of state_dict\(Self.remedy)")
    let list = Pickle() + "]q\0h\0a."
    #expect(refusal(archive(list.bytes)) == "expected a state dictionary, found a list\(Self.remedy)")
  }

  @Test func takesAnyDepth() {
    // Large enough that the values may take what they need.
    func large(_ pickle: Pickle) -> [UInt8] { archive(pickle.bytes, floats: 5_000_000) }
    let deep =
      Pickle() + [UInt8](repeating: UInt8(ascii: "]"), count: 120_000)
      + [UInt8](repeating: UInt8(ascii: "a"), count: 119_999) + "."
    #expect(refusal(large(deep)) == "expected a state dictionary, found a list\(Self.remedy)")
    let tuples = Pickle() + ")" + [UInt8](repeating: 0x85, count: 240_000) + "."
    #expect(refusal(large(tuples)) == "expected a state dictionary, found a tuple\(Self.remedy)")
    var calls = Pickle() + "}"
    for _ in 0..<1000 { calls = calls + "}" + Array("b".utf8) }
    #expect(refusal(archive((calls + ".").bytes)) == "none")
  }

  @Test func readsPythonTwosDictionaries() throws {
    let pickle =
      ((Pickle() + "ccollections\nOrderedDict\n]]").text("w") + "a")
      .tensor(count: 6, size: [6], stride: [1]) + "aa" + [0x85] + "R."
    #expect(try tensor(pickle.bytes).shape == [6])
  }

  @Test func readsUntypedStorages() throws {
    let pickle = Pickle.dictionary {
      (($0 + "ctorch._utils\n_rebuild_tensor_v3\n((").text("storage") + "ctorch.storage\nUntypedStorage\n")
        .text("0")
        .text("cpu").integer(24).then("tQ").integer(1).integers([2]).integers([2]) + [0x89] + "N"
        + "ctorch\nfloat32\ntR"
    }
    #expect(try tensor(pickle) == Tensor([1, 3], shape: [2]))
  }
}
