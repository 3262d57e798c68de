import Layers
import TensorCore
import Testing

@Suite struct BlockConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    guard BlockConvolution.supports(drawn.geometry) else { return }
    let found = AlgorithmRunner(algorithm: BlockConvolution(drawn.geometry), weight: drawn.weight)
      .run(drawn.outputGradient, to: drawn.reference.inputShape)
    expectSum(
      found, drawn.reference.inputGradient(drawn.outputGradient, drawn.weight),
      length: drawn.reference.lengths.inputGradient, exact: drawn.exact, "\(drawn)")
  }

  /// Rows that tasks share, panels that tasks share, rows of several pieces, panels with channels to fill up.
  @Test func sweep() throws {
    for (index, (kernel, output, inputs, outputs)) in [
      (Pair(2, 2), Pair(5, 7), 3, 4), (Pair(2, 2), Pair(4, 170), 20, 9), (Pair(3, 2), Pair(9, 11), 33, 40),
      (Pair(2, 2), Pair(2, 3), 200, 65), (Pair(4, 4), Pair(1, 1), 300, 10),
      (Pair(1, 2), Pair(30, 8), 64, 128),
      // More than caches hold.
      (Pair(2, 2), Pair(66, 65), 64, 3),
    ].enumerated() {
      for batch in 1...2 {
        check(
          try #require(
            ConvolutionCase(
              batch: batch, output: output, inputs: inputs, outputs: outputs, kernel: kernel,
              stride: kernel, exact: index % 2 == 0, seed: UInt64(index))))
      }
    }
  }

  @Test func biasAndActivation() throws {
    let drawn = try #require(
      ConvolutionCase(output: Pair(4, 6), inputs: 20, outputs: 12, kernel: 2, stride: 2))
    guard BlockConvolution.supports(drawn.geometry) else { return }
    let bias = Tensor.integers([20], seed: 5)
    var expected = drawn.reference.inputGradient(drawn.outputGradient, drawn.weight)
    for index in expected.elements.indices {
      expected.elements[index] = max(0, expected.elements[index] + Double(bias.elements[index % 20]))
    }
    let found = AlgorithmRunner(
      algorithm: BlockConvolution(drawn.geometry, activation: .relu), weight: drawn.weight, bias: bias
    ).run(drawn.outputGradient, to: drawn.reference.inputShape)
    expectSum(found, expected, length: 12, exact: true, "ReLU")
  }

  @Test func leavesOverlapsAndGapsToOthers() throws {
    let cases: [ConvolutionCase?] = [
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3, stride: 2),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 2, stride: 3),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 2, stride: 2, padding: 1),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 2, stride: 2, groups: 2),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 2, stride: 2, slack: 1),
    ]
    for drawn in cases { #expect(!BlockConvolution.supports(try #require(drawn).geometry)) }
  }
}
