import Layers
import TensorCore
import Testing

@Suite struct PatchConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    let (reference, exact) = (drawn.reference, drawn.exact)
    let forward = PatchConvolution(drawn.geometry)
    let found = AlgorithmRunner(algorithm: forward, weight: drawn.weight, bias: drawn.bias)
      .run(drawn.input, to: reference.outputShape)
    expectSum(
      found, reference.output(drawn.input, drawn.weight, bias: drawn.bias),
      length: reference.lengths.output, exact: exact, "\(drawn)")
    guard drawn.geometry.stride == 1 else { return }
    let backward = PatchConvolution(drawn.geometry.transposed, isGradient: true)
    let gradient = AlgorithmRunner(algorithm: backward, weight: drawn.weight)
      .run(drawn.outputGradient, to: reference.inputShape)
    expectSum(
      gradient, reference.inputGradient(drawn.outputGradient, drawn.weight),
      length: reference.lengths.inputGradient, exact: exact, "gradient: \(drawn)")
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(90, seed: 1) { check(drawn) } }

  @Test func chunksAndBlocks() { for drawn in ConvolutionCase.large { check(drawn) } }

  @Test func namesAndPacking() throws {
    let plain = try #require(ConvolutionCase(output: 4, inputs: 3, outputs: 5, kernel: 3)).geometry
    let pointwise = try #require(ConvolutionCase(output: 4, inputs: 3, outputs: 5, kernel: 1)).geometry
    #expect(PatchConvolution(plain).name == "patches")
    #expect(PatchConvolution(pointwise).name == "gemm")
    #expect(PatchConvolution(plain).packing != PatchConvolution(plain, isGradient: true).packing)
    #expect(PatchConvolution(plain).packedCount == 135)
    #expect(PatchConvolution(pointwise).workspace(threads: 4) == 0)
  }
}
