import Files
import TensorCore
import Testing
import Weights

@Suite struct SafetensorsWriterTests {
  @Test func writesTheBytesOfTheReference() throws {
    let floats: [String: Tensor] = [
      "b.weight": Tensor([1, 2, 3, -0.5], shape: [2, 2]), "a": Tensor([0.25], shape: [1]),
      "é\"q": Tensor([7], shape: []),
    ]
    #expect(try SafetensorsWriter.bytes(floats, metadata: ["format": "pt"]) == Reference.floats)
    let mixed = [
      SafetensorsItem("image", bytes: [0, 1, 2, 3, 4, 5], shape: [1, 2, 3]),
      SafetensorsItem("w", words: [1, 65535], shape: [2]),
      SafetensorsItem("h", Tensor([1.5, -2], shape: [2]), as: .float16),
      SafetensorsItem("f", Tensor([1, 2], shape: [2])),
    ]
    #expect(try SafetensorsWriter.bytes(mixed) == Reference.mixed)
    #expect(try SafetensorsWriter.bytes(mixed.reversed()) == Reference.mixed)
  }

  /// A tensor that is made part by part gives the file that it gives whole.
  @Test(arguments: [[2, 200, 700] as Shape, [1, 1, 1 << 18], [3, 0, 5], [1]])
  func writesATensorThatIsMade(_ shape: Shape) throws {
    func value(_ index: Int) -> Float { Float(index % 1013) * 0.37 - Float(index) }
    var (bytes, next, largest) = ([UInt8](), 0, 0)
    try SafetensorsWriter.write("x", shape: shape, metadata: ["k": "v"]) { part in
      bytes.append(contentsOf: part)
      largest = max(largest, part.count)
    } elements: { range, part in
      #expect(range.lowerBound == next && range.count == part.count)
      next = range.upperBound
      for (index, place) in zip(range, part.indices) { part[place] = value(index) }
    }
    let whole = Tensor((0..<shape.count).map(value), shape: shape)
    let expected = try SafetensorsWriter.bytes(["x": whole], metadata: ["k": "v"])
    #expect((bytes == expected) == true && largest <= 1 << 20)
    let failure = FileError.cannotWrite(path: "x", reason: "full")
    #expect(throws: WeightsError.file(failure)) {
      try SafetensorsWriter.write("x", shape: shape) { _ throws(FileError) in
        throw failure
      } elements: {
        _, _ in
      }
    }
  }

  @Test func writesAnEmptyFile() throws {
    let bytes = try SafetensorsWriter.bytes([String: Tensor]())
    #expect(bytes == safetensors("{}      "))
    #expect(try SafetensorsReader.read(bytes, name: "e").entries.isEmpty)
  }

  @Test(arguments: [ElementType.float32, .float16, .bfloat16, .float64])
  func roundTrips(_ type: ElementType) throws {
    // Values that even bfloat16 holds.
    let values = (0..<1001).map { Float(($0 * 37) % 255 - 127) / 16 }
    let tensors: [String: Tensor] = [
      "odd": Tensor(values, shape: [7, 11, 13]), "scalar": Tensor([-0.0], shape: []),
      "none": Tensor([], shape: [2, 0, 3]),
    ]
    let metadata = ["line\nbreak \u{1} \u{1f} \u{7f}": "\"quoted\" \\ / é 😀 \t\r\u{8}\u{c}", "": ""]
    let bytes = try SafetensorsWriter.bytes(tensors, as: type, metadata: metadata)
    let file = try SafetensorsReader.read(bytes, name: "r")
    #expect(file.metadata == metadata)
    #expect(file.header.bodyStart % 8 == 0)
    #expect(file.entries.allSatisfy { $0.type == type })
    for (name, tensor) in tensors { #expect(try file.tensor(name) == tensor) }
    #expect(try SafetensorsWriter.bytes(tensors, as: type, metadata: metadata) == bytes)
  }

  @Test func keepsEveryBitOfAFloat() throws {
    let patterns: [UInt32] = [0, 0x8000_0000, 1, 0x7f80_0001, 0xffc0_1234, 0x7f80_0000, 0x3f80_0001]
    let tensor = Tensor(patterns.map(Float.init(bitPattern:)), shape: [7])
    let file = try SafetensorsReader.read(try SafetensorsWriter.bytes(["x": tensor]), name: "r")
    #expect(try file.tensor("x") == tensor)
  }

  @Test func refusesValuesThatBecomeInfinite() throws {
    let tensor = Tensor([1, .infinity, -.nan, -65520], shape: [4])
    let error = #expect(throws: WeightsError.self) {
      try SafetensorsWriter.bytes(["bn.running_var": tensor], as: .float16)
    }
    #expect(
      error?.description
        == "bn.running_var: expected values in the range of F16, found -65520.0; store F32")
    #expect(throws: WeightsError.outOfRange(tensor: "x", type: .bfloat16, value: 0x1.ffp127)) {
      try SafetensorsWriter.bytes(["x": Tensor([0x1.ffp127], shape: [1])], as: .bfloat16)
    }
    let largest = Tensor([65519.996], shape: [1])
    let file = try SafetensorsReader.read(
      try SafetensorsWriter.bytes(["x": largest], as: .float16), name: "r")
    #expect(try file.tensor("x").elements == [65504])
  }

  @Test func refusesNamesThatAreTaken() {
    let item = SafetensorsItem("x", bytes: [1], shape: [1])
    #expect(throws: WeightsError.nameTaken(tensor: "x")) { try SafetensorsWriter.bytes([item, item]) }
    let error = #expect(throws: WeightsError.self) {
      try SafetensorsWriter.bytes(["__metadata__": Tensor([1], shape: [1])])
    }
    #expect(error?.description == "__metadata__: expected a name of its own for each tensor, found it taken")
  }

  @Test func refusesAHeaderThatNobodyWouldRead() {
    let long = String(repeating: "x", count: SafetensorsHeader.byteLimit)
    let error = #expect(throws: WeightsError.self) {
      try SafetensorsWriter.bytes([SafetensorsItem](), metadata: ["k": long])
    }
    #expect(
      error?.description
        == "names and metadata: expected at most 100000000 bytes in a safetensors header, found 100000001; "
        + "shorten the notes")
  }

  @Test func writesThroughToAFile() throws {
    try withFolder { folder in
      let path = "\(folder)/new/x.safetensors"
      let tensor = Tensor([1, 2, 3], shape: [3])
      try SafetensorsWriter.write(["x": tensor], metadata: ["k": "v"], to: path)
      let file = try SafetensorsReader.read(path)
      #expect(try file.tensor("x") == tensor)
      #expect(try SafetensorsHeader.read(path) == file.header)
      let error = #expect(throws: WeightsError.self) {
        try SafetensorsWriter.write(["x": tensor], to: "\(path)/below.safetensors")
      }
      #expect(error?.description.hasPrefix("\(path)/below.safetensors: expected to write") == true)
    }
  }
}
