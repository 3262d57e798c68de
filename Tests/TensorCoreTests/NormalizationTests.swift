import Foundation
import TensorCore
import Testing

@Suite struct NormalizationTests {
  private func apply(_ normalization: Normalization, _ rgb: [UInt8]) -> [Float] {
    [Float](unsafeUninitializedCapacity: rgb.count) { buffer, count in
      count = rgb.count
      if let base = buffer.baseAddress { normalization.apply(rgb, pixels: rgb.count / 3, into: base) }
    }
  }

  @Test func everyValueOfEveryChannel() {
    let normalization = Normalization(mean: [0.25, 0.5, 0.75], deviation: [0.5, 0.25, 2])
    let found = apply(normalization, (0..<256).flatMap { [UInt8($0), UInt8(255 - $0), UInt8($0)] })
    for value in 0..<256 {
      let expected = [
        (Double(value) / 255 - 0.25) / 0.5, (Double(255 - value) / 255 - 0.5) / 0.25,
        (Double(value) / 255 - 0.75) / 2,
      ]
      for channel in 0..<3 {
        let difference = abs(Double(found[value * 3 + channel]) - expected[channel])
        #expect(difference <= 4 * Double(Float.ulpOfOne), "value \(value), channel \(channel)")
      }
    }
  }

  @Test func unitAndImageNet() {
    #expect(apply(.unit, [0, 51, 255]) == [0, 0.2, 1])
    #expect(apply(.unit, []) == [])
    // PyTorch: (torch.tensor([124, 116, 104]) / 255 - mean) / std
    let found = apply(.imageNet, [124, 116, 104])
    let expected: [Float] = [0.00556549, -0.00490195, 0.0081918]
    for (value, reference) in zip(found, expected) { #expect(abs(value - reference) < 1e-6) }
  }

  @Test func keepsItselfInJSON() throws {
    let data = try JSONEncoder().encode(Normalization.imageNet)
    #expect(try JSONDecoder().decode(Normalization.self, from: data) == .imageNet)
  }
}
