import Layers
import TensorCore
import Testing

@Suite struct DirectConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    let (reference, exact) = (drawn.reference, drawn.exact)
    if DirectConvolution.supports(drawn.geometry) {
      let found = AlgorithmRunner(
        algorithm: DirectConvolution(drawn.geometry), weight: drawn.weight, bias: drawn.bias
      ).run(drawn.input, to: reference.outputShape)
      expectSum(
        found, reference.output(drawn.input, drawn.weight, bias: drawn.bias),
        length: reference.lengths.output, exact: exact, "\(drawn)")
    }
    guard drawn.geometry.stride == 1, DirectConvolution.supports(drawn.geometry.transposed) else { return }
    let backward = DirectConvolution(drawn.geometry.transposed, isGradient: true)
    let gradient = AlgorithmRunner(algorithm: backward, weight: drawn.weight)
      .run(drawn.outputGradient, to: reference.inputShape)
    expectSum(
      gradient, reference.inputGradient(drawn.outputGradient, drawn.weight),
      length: reference.lengths.inputGradient, exact: exact, "gradient: \(drawn)")
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(140, seed: 2) { check(drawn) } }

  @Test func bandsAndSharedPanels() { for drawn in ConvolutionCase.large { check(drawn) } }

  /// Panels have 16 or 32 channels: half ones, ones with channels to fill up, and several.
  @Test func everyNumberOfOutputChannels() throws {
    for outputs in Array(1...36) + [47, 48, 49, 63, 64, 65, 70, 96, 97] {
      let drawn = try #require(
        ConvolutionCase(output: Pair(2, 7), inputs: 3, outputs: outputs, kernel: Pair(2, 3), padding: 1))
      check(drawn)
    }
  }

  /// Tiles have up to 6, 10 or 20 pixels.
  @Test func everyWidth() throws {
    for width in 1...43 {
      for outputs in [9, 20] {
        check(try #require(ConvolutionCase(output: Pair(2, width), inputs: 2, outputs: outputs, kernel: 3)))
      }
    }
  }

  @Test func leavesPointwiseAndGroupsToOthers() throws {
    let pointwise = try #require(ConvolutionCase(output: 3, inputs: 4, outputs: 4, kernel: 1)).geometry
    let grouped = try #require(
      ConvolutionCase(output: 3, inputs: 4, outputs: 4, kernel: 3, groups: 2)
    ).geometry
    #expect(!DirectConvolution.supports(pointwise))
    #expect(!DirectConvolution.supports(grouped))
  }
}
