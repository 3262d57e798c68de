import TensorCore
import Testing
import Weights

@Suite struct HalfPrecisionTests {
  /// IEEE 754 binary16, from its definition.
  private func value(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 1 ? -1 : 1
    let (exponent, mantissa) = (Int(bits >> 10 & 31), Double(bits & 1023))
    if exponent == 31 { return mantissa == 0 ? sign * .infinity : .nan }
    let scale = Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: 1)
    return sign * (exponent == 0 ? mantissa : 1024 + mantissa) * scale
  }

  private func stored(_ values: [Float]) throws -> [UInt16] {
    let bytes = try SafetensorsWriter.bytes(["x": Tensor(values, shape: [values.count])], as: .float16)
    let body = Array(try SafetensorsReader.read(bytes, name: "h").bytes(of: "x"))
    return stride(from: 0, to: body.count, by: 2).map { UInt16(body[$0]) | UInt16(body[$0 + 1]) << 8 }
  }

  @Test func readsEveryPattern() throws {
    let read = try file(.float16, [65536], littleEndian(Array(0...UInt16.max))).tensor("x").elements
    var wrong = 0
    for bits in 0...UInt16.max {
      let (expected, found) = (value(bits), read[Int(bits)])
      let isRight =
        expected.isNaN
        ? found.isNaN : Double(found) == expected && (found.sign == .minus) == (bits >> 15 == 1)
      if !isRight { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func writesBackEveryPattern() throws {
    let read = try file(.float16, [65536], littleEndian(Array(0...UInt16.max))).tensor("x").elements
    let written = try stored(read)
    var wrong = 0
    for bits in 0...UInt16.max {
      let isNaN = bits & 0x7fff > 0x7c00
      if written[Int(bits)] != (isNaN ? bits | 0x200 : bits) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func roundsToNearestTiesToEven() throws {
    // Between each half and the next: the middle goes to the even one, its neighbours to the nearer one.
    let lower = Array(0..<UInt16(0x7bff))
    let middles = lower.map { Float((value($0) + value($0 + 1)) / 2) }
    let below = try stored(middles.map(\.nextDown))
    let ties = try stored(middles)
    let above = try stored(middles.map(\.nextUp))
    let negative = try stored(middles.map { -$0 })
    var wrong = 0
    for (index, bits) in lower.enumerated() {
      let even = bits % 2 == 0 ? bits : bits + 1
      if below[index] != bits || ties[index] != even || above[index] != bits + 1 { wrong += 1 }
      if negative[index] != even | 0x8000 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func keepsSpecialValues() throws {
    let patterns: [UInt32] = [0x7f80_0001, 0xffff_ffff, 0x7fc0_0000, 0x8000_0001, 0xff80_0000, 0x3300_0000]
    let written = try stored(patterns.map(Float.init(bitPattern:)))
    #expect(written == [0x7e00, 0xffff, 0x7e00, 0x8000, 0xfc00, 0])
  }
}
