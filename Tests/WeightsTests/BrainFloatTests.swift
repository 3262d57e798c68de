import TensorCore
import Testing
import Weights

@Suite struct BrainFloatTests {
  private func stored(_ values: [Float]) throws -> [UInt16] {
    let bytes = try SafetensorsWriter.bytes(["x": Tensor(values, shape: [values.count])], as: .bfloat16)
    let body = Array(try SafetensorsReader.read(bytes, name: "b").bytes(of: "x"))
    return stride(from: 0, to: body.count, by: 2).map { UInt16(body[$0]) | UInt16(body[$0 + 1]) << 8 }
  }

  @Test func readsAndWritesBackEveryPattern() throws {
    let read = try file(.bfloat16, [65536], littleEndian(Array(0...UInt16.max))).tensor("x").elements
    let written = try stored(read)
    var wrong = 0
    for bits in 0...UInt16.max {
      if read[Int(bits)].bitPattern != UInt32(bits) << 16 { wrong += 1 }
      let isNaN = bits & 0x7fff > 0x7f80
      if written[Int(bits)] != (isNaN ? bits | 0x40 : bits) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func roundsToNearestTiesToEven() throws {
    let lower = Array(0..<UInt16(0x7f7f))
    let middles = lower.map { Float(bitPattern: UInt32($0) << 16 | 0x8000) }
    let below = try stored(middles.map(\.nextDown))
    let ties = try stored(middles)
    let above = try stored(middles.map(\.nextUp))
    var wrong = 0
    for (index, bits) in lower.enumerated() {
      let even = bits % 2 == 0 ? bits : bits + 1
      if below[index] != bits || ties[index] != even || above[index] != bits + 1 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func keepsNaNs() throws {
    let patterns: [UInt32] = [0x7f80_0001, 0xff80_ffff, 0x7fff_ffff, 0xff80_0000]
    #expect(try stored(patterns.map(Float.init(bitPattern:))) == [0x7fc0, 0xffc0, 0x7fff, 0xff80])
  }
}
