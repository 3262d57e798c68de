import Layers
import TensorCore
import Testing

@Suite struct PhaseConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    guard PhaseConvolution.supports(drawn.geometry) else { return }
    let reference = drawn.reference
    let bias: Tensor = .integers([drawn.geometry.inputChannels], seed: 5)
    let found = AlgorithmRunner(
      algorithm: PhaseConvolution(drawn.geometry), weight: drawn.weight, bias: bias
    ).run(drawn.outputGradient, to: reference.inputShape)
    expectSum(
      found, reference.inputGradient(drawn.outputGradient, drawn.weight, bias: bias),
      length: reference.lengths.inputGradient, exact: drawn.exact, "\(drawn)")
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(400, seed: 6) { check(drawn) } }

  /// Kernels with and without a tap for each phase, borders on either side, rows that no window reads.
  @Test func strides() throws {
    for (index, (kernel, stride, padding, slack)) in [
      (Pair(3, 3), Pair(2, 2), 1, 1), (Pair(1, 1), Pair(2, 2), 0, 1), (Pair(7, 7), Pair(2, 2), 3, 0),
      (Pair(4, 4), Pair(2, 2), 1, 0), (Pair(2, 3), Pair(3, 2), 1, 1), (Pair(11, 11), Pair(4, 4), 2, 2),
      (Pair(3, 3), Pair(1, 2), 0, 0), (Pair(2, 2), Pair(3, 3), 0, 0), (Pair(16, 16), Pair(8, 8), 4, 0),
    ].enumerated() {
      for (inputs, outputs) in [(3, 4), (40, 33), (65, 20)] {
        let drawn = ConvolutionCase(
          batch: 2, output: Pair(6, 5), inputs: inputs, outputs: outputs, kernel: kernel, stride: stride,
          padding: Pair(padding, padding), slack: Pair(slack, slack), seed: UInt64(index))
        check(try #require(drawn))
      }
    }
  }

  /// Packed weights are shared by plans of several sizes, and small inputs lack other phases.
  @Test func packingTellsWhichPhasesThereAre() throws {
    func packing(_ input: Pair, _ output: Pair) -> String {
      PhaseConvolution(
        ConvolutionGeometry(
          batch: 1, input: input, inputChannels: 3, output: output, outputChannels: 4, kernel: 3, stride: 2,
          padding: 1, dilation: 1, groups: 1)
      ).packing
    }
    #expect(packing(Pair(1, 3), Pair(1, 2)) != packing(Pair(3, 1), Pair(2, 1)))
    #expect(packing(Pair(5, 3), Pair(3, 2)) == packing(Pair(8, 9), Pair(4, 5)))
  }

  @Test func withoutABias() throws {
    let drawn = try #require(ConvolutionCase(output: 5, inputs: 3, outputs: 4, kernel: 2, stride: 3))
    guard PhaseConvolution.supports(drawn.geometry) else { return }
    let found = AlgorithmRunner(
      algorithm: PhaseConvolution(drawn.geometry, activation: .relu), weight: drawn.weight
    ).run(drawn.outputGradient, to: drawn.reference.inputShape)
    var expected = drawn.reference.inputGradient(drawn.outputGradient, drawn.weight)
    for index in expected.elements.indices { expected.elements[index] = max(0, expected.elements[index]) }
    expectSum(found, expected, length: 1, exact: true, "\(drawn)")
  }

  @Test func leavesOthersToOthers() throws {
    let cases: [ConvolutionCase?] = [
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3, stride: 2, dilation: 2),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3, stride: 2, groups: 2),
    ]
    for drawn in cases { #expect(!PhaseConvolution.supports(try #require(drawn).geometry)) }
  }
}
