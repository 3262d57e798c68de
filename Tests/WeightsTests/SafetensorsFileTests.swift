import TensorCore
import Testing
import Weights

@Suite struct SafetensorsFileTests {
  @Test func readsIntegersOfEveryWidth() throws {
    #expect(try file(.bool, [3], [0, 1, 1]).tensor("x").elements == [0, 1, 1])
    #expect(try file(.uint8, [2], [0, 255]).tensor("x").elements == [0, 255])
    #expect(try file(.int8, [2], [0x80, 0x7f]).tensor("x").elements == [-128, 127])
    #expect(try file(.uint16, [2], littleEndian([1, 65535] as [UInt16])).tensor("x").elements == [1, 65535])
    #expect(
      try file(.int16, [2], littleEndian([-32768, 32767] as [Int16])).tensor("x").elements == [-32768, 32767])
    #expect(
      try file(.int32, [2], littleEndian([.min, 1 << 24] as [Int32])).tensor("x").elements
        == [-2_147_483_648, 16_777_216])
    #expect(
      try file(.uint32, [1], littleEndian([0xffff_ff00] as [UInt32])).tensor("x").elements == [4_294_967_040])
    #expect(
      try file(.int64, [3], littleEndian([-1, 11, 255] as [Int64])).tensor("x").elements == [-1, 11, 255])
    #expect(try file(.uint64, [1], littleEndian([1 << 63] as [UInt64])).tensor("x").elements == [0x1p63])
  }

  @Test func readsDoublesRounded() throws {
    let values: [Double] = [0.1, -1.5, .infinity, 1 + 0x1p-24, 1e300]
    let read = try file(.float64, [5], littleEndian(values.map(\.bitPattern))).tensor("x").elements
    #expect(read == [0.1, -1.5, .infinity, 1, .infinity])
  }

  @Test func refusesIntegersThatAFloatRounds() throws {
    let file = try file(.int64, [2], littleEndian([1, 16_777_217] as [Int64]))
    let error = #expect(throws: WeightsError.self) { try file.tensor("x") }
    #expect(
      error?.description
        == "x.safetensors: x: expected integers that a 32-bit float holds exactly, found 16777217")
  }

  @Test func saysWhichElementTypesItDoesNotRead() throws {
    for type in ElementType.allCases where type.rawValue.hasPrefix("F8") || type == .complex64 {
      let file = try file(type, [2], Array(repeating: 0, count: type.bits / 4))
      let error = #expect(throws: WeightsError.self) { try file.tensor("x") }
      #expect(
        error?.description
          == "x.safetensors: x: expected F32, F16, BF16, F64 or integers, found \(type.rawValue); "
          + "convert the file")
      #expect(try file.bytes(of: "x").count == type.bits / 4)
    }
    #expect(try file(.float4, [2, 3], [1, 2, 3]).bytes(of: "x") == [1, 2, 3])
    #expect(try file(.float6e2m3, [4], [1, 2, 3]).bytes(of: "x") == [1, 2, 3])
  }

  @Test func listsTheTensorsThatThereAre() throws {
    let file = try SafetensorsReader.read(Reference.mixed, name: "m.safetensors")
    let error = #expect(throws: WeightsError.self) { try file.tensor("input") }
    #expect(error?.description == "m.safetensors: expected a tensor input, found f, h, image, …")
    let empty = try SafetensorsReader.read(safetensors("{}"), name: "e.safetensors")
    let none = #expect(throws: WeightsError.self) { try empty.bytes(of: "input") }
    #expect(none?.description == "e.safetensors: expected a tensor input, found none")
  }

  @Test(arguments: 0..<8) func readsAtAnyAlignment(_ spaces: Int) throws {
    let values: [Float] = [1.5, -2, 3.25, .leastNonzeroMagnitude, .infinity]
    for type in [ElementType.float32, .float16, .bfloat16, .float64] {
      let written = try SafetensorsWriter.bytes(["x": Tensor(values, shape: [5])], as: type)
      let body = Array(try SafetensorsReader.read(written, name: "w").bytes(of: "x"))
      let header =
        #"{"x":{"dtype":"\#(type.rawValue)","shape":[5],"data_offsets":[0,\#(body.count)]}}"#
        + String(repeating: " ", count: spaces)
      let read = try SafetensorsReader.read(safetensors(header, body: body), name: "r").tensor("x")
      #expect(read == (try SafetensorsReader.read(written, name: "w").tensor("x")))
    }
  }
}
