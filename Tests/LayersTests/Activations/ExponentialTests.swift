import CKernels
import Foundation
import Testing

@Suite struct ExponentialTests {
  /// Runs `kernel` in blocks over every 251st float of `range`, both ends included.
  private func sweep(
    _ range: ClosedRange<Float>, _ kernel: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
    _ check: (Float, Float) -> Void
  ) {
    var block: [Float] = []
    var results = [Float](repeating: 0, count: 4096)
    func flush() {
      kernel(block.count, block, &results)
      for (x, y) in zip(block, results) { check(x, y) }
      block.removeAll(keepingCapacity: true)
    }
    block.reserveCapacity(4096)
    block += [range.lowerBound, range.upperBound, 0]
    for (sign, bound) in [(Float(1), range.upperBound), (-1, -range.lowerBound)] where bound > 0 {
      for bits in stride(from: Float(0x1p-30).bitPattern, through: bound.bitPattern, by: 251) {
        block.append(sign * Float(bitPattern: bits))
        if block.count == 4096 { flush() }
      }
    }
    flush()
  }

  @Test func exponentialIsAccurate() {
    var worst = 0.0
    var nonzeroBelow = 0
    sweep(-100...88, tsr_exp) { x, y in
      if x < -87 {
        nonzeroBelow += y == 0 ? 0 : 1
      } else {
        let expected = Foundation.exp(Double(x))
        worst = max(worst, abs(Double(y) - expected) / expected)
      }
    }
    #expect(nonzeroBelow == 0)
    #expect(worst < 2e-7)
    #expect(worst > 1e-9, "the sweep ran")
  }

  @Test func exponentialOfSpecialValues() {
    let inputs: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 89, 1e30, -1e30, .leastNonzeroMagnitude]
    var outputs = [Float](repeating: -1, count: inputs.count)
    tsr_exp(inputs.count, inputs, &outputs)
    var top: [Float] = [88]
    tsr_exp(1, [88], &top)
    #expect(outputs[0] == 1 && outputs[1] == 1 && outputs[8] == 1)
    #expect(outputs[2] == top[0] && outputs[5] == top[0] && outputs[6] == top[0])
    #expect(outputs[3] == 0 && outputs[7] == 0)
    #expect(outputs[4].isNaN)
  }

  @Test func inPlaceGivesTheSameBits() {
    let inputs = (0..<1000).map { Float($0) * 0.17 - 85 }
    var apart = [Float](repeating: 0, count: 1000)
    var place = inputs
    tsr_exp(1000, inputs, &apart)
    place.withUnsafeMutableBufferPointer { tsr_exp(1000, $0.baseAddress, $0.baseAddress) }
    #expect(apart == place)
  }

  @Test func activationsAreAccurate() {
    func worst(
      _ kernel: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void, _ exact: (Double) -> Double
    ) -> Double {
      var worst = 0.0
      sweep(-80...80, kernel) { x, y in
        let expected = exact(Double(x))
        if expected == 0 && y == 0 { return }
        worst = max(worst, abs(Double(y) - expected) / abs(expected))
      }
      return worst
    }
    #expect(worst(tsr_sigmoid) { 1 / (1 + Foundation.exp(-$0)) } < 4e-7)
    #expect(worst(tsr_tanh) { Foundation.tanh($0) } < 4e-7)
    #expect(
      worst(tsr_softplus) { $0 > 0 ? $0 + log1p(Foundation.exp(-$0)) : log1p(Foundation.exp($0)) } < 4e-7)
    #expect(worst({ tsr_elu($0, 1.5, $1, $2) }) { $0 > 0 ? $0 : 1.5 * expm1($0) } < 4e-7)
  }
}
