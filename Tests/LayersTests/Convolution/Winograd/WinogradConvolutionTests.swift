import Layers
import TensorCore
import Testing

@Suite(.enabled(if: WinogradCase.isSupported, "this processor has no kernels for it"))
struct WinogradConvolutionTests {
  private func check(_ drawn: ConvolutionCase, _ transform: WinogradTransform) {
    let reference = drawn.reference
    let found = AlgorithmRunner(
      algorithm: WinogradConvolution(drawn.geometry, transform), weight: drawn.weight, bias: drawn.bias
    ).run(drawn.input, to: reference.outputShape)
    expectNear(
      found, reference.output(drawn.input, drawn.weight, bias: drawn.bias),
      within: WinogradCase.tolerance(transform, length: reference.lengths.output), "\(transform): \(drawn)")
    let backward = WinogradConvolution(drawn.geometry.transposed, transform, isGradient: true)
    let gradient = AlgorithmRunner(algorithm: backward, weight: drawn.weight)
      .run(drawn.outputGradient, to: reference.inputShape)
    expectNear(
      gradient, reference.inputGradient(drawn.outputGradient, drawn.weight),
      within: WinogradCase.tolerance(transform, length: reference.lengths.inputGradient),
      "gradient, \(transform): \(drawn)")
  }

  @Test(arguments: WinogradTransform.allCases)
  func sweep(_ transform: WinogradTransform) {
    for drawn in WinogradCase.draw(60, seed: 1, taps: transform.taps) { check(drawn, transform) }
  }

  @Test(arguments: WinogradTransform.allCases)
  func blocksAndPanels(_ transform: WinogradTransform) {
    for drawn in WinogradCase.large(transform) { check(drawn, transform) }
  }

  /// Weights that a task transforms itself give the same bits as those that were packed before.
  @Test(arguments: WinogradTransform.allCases)
  func weightsThatAreNotPacked(_ transform: WinogradTransform) {
    for drawn in WinogradCase.draw(20, seed: 3, taps: transform.taps) + WinogradCase.large(transform) {
      for isGradient in [false, true] {
        let geometry = isGradient ? drawn.geometry.transposed : drawn.geometry
        let (input, shape) =
          isGradient
          ? (drawn.outputGradient, drawn.reference.inputShape) : (drawn.input, drawn.reference.outputShape)
        let results = [true, false].map { packsWeights in
          AlgorithmRunner(
            algorithm: WinogradConvolution(
              geometry, transform, isGradient: isGradient, packsWeights: packsWeights), weight: drawn.weight
          ).run(input, to: shape)
        }
        #expect(results[0] == results[1], "\(transform): \(drawn)")
      }
    }
  }

  /// Only where weights are too many for caches and are read once.
  @Test func whereWeightsAreNotPacked() throws {
    func changing(_ channels: Int, _ side: Int, batch: Int = 1) throws -> (any Algorithm)? {
      let geometry = ConvolutionGeometry(
        batch: batch, input: Pair(side, side), inputChannels: channels, output: Pair(side, side),
        outputChannels: channels, kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1)
      return WinogradConvolution(geometry, .four).forChangingWeights
    }
    #expect(try changing(512, 7, batch: 8)?.packedCount == 0)
    #expect(try changing(256, 14, batch: 8) == nil)
    #expect(try changing(512, 128) == nil)
    #expect(try changing(64, 56, batch: 8) == nil)
  }

  /// Whole numbers and F(2×2, 3×3), whose only factor is 1/2: every sum is exact.
  @Test func exactWithWholeNumbers() throws {
    let drawn = try #require(
      ConvolutionCase(batch: 2, output: Pair(7, 9), inputs: 20, outputs: 35, kernel: 3, padding: 1))
    let found = AlgorithmRunner(
      algorithm: WinogradConvolution(drawn.geometry, .two), weight: drawn.weight, bias: drawn.bias
    ).run(drawn.input, to: drawn.reference.outputShape)
    expectSum(
      found, drawn.reference.output(drawn.input, drawn.weight, bias: drawn.bias), length: 180, exact: true,
      "\(drawn)")
  }

  @Test(arguments: [Activation.relu, .leakyReLU(slope: 0.1), .tanh])
  func activation(_ activation: Activation) throws {
    let drawn = try #require(
      ConvolutionCase(output: Pair(9, 10), inputs: 12, outputs: 20, kernel: 3, padding: 1, exact: false))
    var expected = drawn.reference.output(drawn.input, drawn.weight, bias: drawn.bias)
    // No activation here is steeper than 1, so that what the sum is off is the most that its activation can be.
    let sum = expected.elements.reduce(0) { max($0, abs($1)) }
    for index in expected.elements.indices {
      var value = Float(expected.elements[index])
      activation.apply(&value, 1)
      expected.elements[index] = Double(value)
    }
    let found = AlgorithmRunner(
      algorithm: WinogradConvolution(drawn.geometry, .four, activation: activation), weight: drawn.weight,
      bias: drawn.bias
    ).run(drawn.input, to: drawn.reference.outputShape)
    let largest = expected.elements.reduce(0) { max($0, abs($1)) }
    expectNear(found, expected, within: 4e-6 * sum / largest, "\(activation)")
  }

  /// A NaN reaches at least the outputs whose window has it, through the ReLU as well, and no other image.
  @Test func keepsNotANumber() throws {
    let drawn = try #require(
      ConvolutionCase(batch: 2, output: 8, inputs: 3, outputs: 4, kernel: 3, padding: 1, exact: false))
    var elements = drawn.input.elements
    elements[(4 * 8 + 4) * 3] = .nan
    let found = AlgorithmRunner(
      algorithm: WinogradConvolution(drawn.geometry, .four, activation: .relu), weight: drawn.weight,
      bias: drawn.bias
    ).run(Tensor(elements, shape: drawn.input.shape), to: drawn.reference.outputShape)
    let first = found.elements.prefix(8 * 8 * 4)
    for row in 3...5 {
      for column in 3...5 { #expect(first[(row * 8 + column) * 4].isNaN) }
    }
    #expect(!found.elements.dropFirst(8 * 8 * 4).contains { $0.isNaN })
  }

  @Test func leavesOtherWindowsToOthers() throws {
    let cases: [ConvolutionCase?] = [
      .init(output: 3, inputs: 4, outputs: 4, kernel: 1), .init(output: 3, inputs: 4, outputs: 4, kernel: 5),
      .init(output: 3, inputs: 4, outputs: 4, kernel: Pair(3, 1)),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3, stride: 2),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3, groups: 2),
    ]
    for drawn in cases { #expect(WinogradConvolution.transforms(of: try #require(drawn).geometry).isEmpty) }
  }
}
