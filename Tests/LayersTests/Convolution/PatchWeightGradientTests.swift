import Layers
import TensorCore
import Testing

@Suite struct PatchWeightGradientTests {
  private func check(_ drawn: ConvolutionCase) {
    let found = WeightGradientRunner(
      algorithm: PatchWeightGradient(geometry: drawn.geometry), drawn: drawn
    ).run()
    expectSum(
      found, drawn.reference.weightGradient(drawn.input, drawn.outputGradient),
      length: drawn.reference.lengths.weightGradient, exact: drawn.exact, "\(drawn)")
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(120, seed: 4) { check(drawn) } }

  @Test func blocksAndParts() { for drawn in ConvolutionCase.large { check(drawn) } }
}
