import Layers
import TensorCore
import Testing

@Suite struct ParameterSpecTests {
  private func tensor(_ initializer: Initializer, _ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var stream = RandomStream(seed: seed)
    return initializer.tensor(shape, from: &stream)
  }

  @Test func constant() {
    #expect(tensor(.constant(0.5), [2, 2]).elements == [0.5, 0.5, 0.5, 0.5])
    #expect(tensor(.constant(1), [0]).elements.isEmpty)
  }

  @Test func uniformFillsItsRange() {
    let elements = tensor(.uniform(bound: 0.25), [50_000]).elements
    #expect(elements.allSatisfy { abs($0) <= 0.25 })
    #expect((elements.min() ?? 0) < -0.249)
    #expect((elements.max() ?? 0) > 0.249)
    let variance = elements.reduce(0.0) { $0 + Double($1) * Double($1) } / 50_000
    #expect(abs(variance - 0.0625 / 3) < 0.0005)
  }

  @Test(arguments: [1, 27, 576, 9216]) func heDeviation(fanIn: Int) {
    let elements = tensor(.heNormal(fanIn: fanIn), [100_000]).elements.map(Double.init)
    let mean = elements.reduce(0, +) / 100_000
    let variance = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    let deviation = (2 / Double(fanIn)).squareRoot()
    #expect(abs(mean) < 0.015 * deviation)
    #expect(abs(variance.squareRoot() / deviation - 1) < 0.01)
  }

  @Test func bilinearKernels() {
    let even: [Float] = [0.25, 0.75, 0.75, 0.25]
    #expect(tensor(.bilinear, [1, 1, 4, 4]).elements == even.flatMap { y in even.map { x in y * x } })
    let odd: [Float] = [0.5, 1, 0.5]
    #expect(tensor(.bilinear, [1, 1, 3, 3]).elements == odd.flatMap { y in odd.map { x in y * x } })
    #expect(tensor(.bilinear, [1, 1, 2, 2]).elements == [0.25, 0.25, 0.25, 0.25])
    #expect(tensor(.bilinear, [1, 1, 1, 1]).elements == [1])
  }

  @Test func bilinearIsDiagonal() {
    let one: [Float] = [0.25, 0.25, 0.25, 0.25]
    let none: [Float] = [0, 0, 0, 0]
    #expect(tensor(.bilinear, [2, 2, 2, 2]).elements == one + none + none + one)
    #expect(tensor(.bilinear, [2, 3, 2, 2]).elements == one + none + none + none + one + none)
    #expect(tensor(.bilinear, [3, 2, 2, 2]).elements == one + none + none + one + none + none)
  }

  @Test func identityKeepsMaps() {
    let none = [Float](repeating: 0, count: 9)
    func center(_ value: Float) -> [Float] { [0, 0, 0, 0, value, 0, 0, 0, 0] }
    #expect(
      tensor(.identity(maps: 2, deviation: 0), [2, 2, 3, 3]).elements
        == center(1) + none + none + center(1))
    // From two maps to four channels each, and back.
    let wider = tensor(.identity(maps: 2, deviation: 0), [4, 2, 1, 1]).elements
    #expect(wider == [0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5])
    let narrower = tensor(.identity(maps: 2, deviation: 0), [2, 4, 1, 1]).elements
    #expect(narrower == [1, 1, 0, 0, 0, 0, 1, 1])
  }

  @Test func identityAddsNoiseBesideTheCentres() {
    let elements = tensor(.identity(maps: 1, deviation: 0.1), [4, 1, 51, 51]).elements
    let centers = (0..<4).map { $0 * 2601 + 1300 }
    #expect(centers.allSatisfy { elements[$0] == 0.25 })
    let noise = elements.indices.filter { !centers.contains($0) }.map { Double(elements[$0]) }
    let deviation = (noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)).squareRoot()
    #expect(abs(deviation - 0.025) < 0.001)
  }

  @Test func dependsOnTheStreamAlone() {
    for initializer in [Initializer.uniform(bound: 1), .heNormal(fanIn: 4)] {
      #expect(tensor(initializer, [3, 5], seed: 7) == tensor(initializer, [3, 5], seed: 7))
      #expect(tensor(initializer, [3, 5], seed: 7) != tensor(initializer, [3, 5], seed: 8))
    }
    var stream = RandomStream(seed: 1)
    _ = Initializer.constant(1).tensor([9], from: &stream)
    _ = Initializer.bilinear.tensor([1, 1, 2, 2], from: &stream)
    #expect(stream == RandomStream(seed: 1), "nothing is drawn where nothing is random")
  }

  @Test func defaults() {
    let spec = ParameterSpec("bias", [4], .constant(0))
    #expect(spec.isTrained)
    #expect(!spec.decays)
    #expect(spec != ParameterSpec("bias", [4], .constant(0), decays: true))
  }
}
