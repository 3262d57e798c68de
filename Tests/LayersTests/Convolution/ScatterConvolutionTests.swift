import Layers
import TensorCore
import Testing

@Suite struct ScatterConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    let reference = drawn.reference
    let bias: Tensor = .integers([drawn.geometry.inputChannels], seed: 5)
    let found = AlgorithmRunner(
      algorithm: ScatterConvolution(drawn.geometry), weight: drawn.weight, bias: bias
    ).run(drawn.outputGradient, to: reference.inputShape)
    expectSum(
      found, reference.inputGradient(drawn.outputGradient, drawn.weight, bias: bias),
      length: reference.lengths.inputGradient, exact: drawn.exact, "\(drawn)")
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(120, seed: 3) { check(drawn) } }

  @Test func bandsAndBlocks() { for drawn in ConvolutionCase.large { check(drawn) } }

  @Test func withoutABias() throws {
    let drawn = try #require(ConvolutionCase(output: 5, inputs: 3, outputs: 4, kernel: 2, stride: 3))
    let found = AlgorithmRunner(algorithm: ScatterConvolution(drawn.geometry), weight: drawn.weight)
      .run(drawn.outputGradient, to: drawn.reference.inputShape)
    expectSum(
      found, drawn.reference.inputGradient(drawn.outputGradient, drawn.weight), length: 1, exact: true,
      "\(drawn)")
  }
}
