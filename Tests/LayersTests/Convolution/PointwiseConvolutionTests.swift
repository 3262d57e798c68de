import Layers
import TensorCore
import Testing

@Suite struct PointwiseConvolutionTests {
  private func check(_ drawn: ConvolutionCase) {
    guard PointwiseConvolution.supports(drawn.geometry) else { return }
    let reference = drawn.reference
    let found = AlgorithmRunner(
      algorithm: PointwiseConvolution(drawn.geometry), weight: drawn.weight, bias: drawn.bias
    ).run(drawn.input, to: reference.outputShape)
    expectSum(
      found, reference.output(drawn.input, drawn.weight, bias: drawn.bias),
      length: reference.lengths.output, exact: drawn.exact, "\(drawn)")
    let backward = PointwiseConvolution(drawn.geometry.transposed, isGradient: true)
    let gradient = AlgorithmRunner(algorithm: backward, weight: drawn.weight)
      .run(drawn.outputGradient, to: reference.inputShape)
    expectSum(
      gradient, reference.inputGradient(drawn.outputGradient, drawn.weight),
      length: reference.lengths.inputGradient, exact: drawn.exact, "gradient: \(drawn)")
  }

  /// Panels have 16 or 32 channels, tiles up to 6, 10 or 20 pixels.
  @Test func everyNumberOfChannelsAndPixels() throws {
    for outputs in Array(1...36) + [47, 48, 49, 63, 64, 65, 97] {
      check(
        try #require(
          ConvolutionCase(
            batch: 2, output: Pair(1, outputs), inputs: 1 + outputs % 7, outputs: outputs, kernel: 1)))
    }
  }

  @Test func chunksAndSharedPanels() throws {
    for (output, inputs, outputs) in [
      (Pair(30, 41), 70, 40), (Pair(2, 3), 300, 200), (Pair(90, 91), 3, 5), (Pair(25, 20), 200, 130),
      // More than caches hold.
      (Pair(130, 131), 3, 64), (Pair(210, 211), 5, 41),
    ] {
      check(
        try #require(
          ConvolutionCase(output: output, inputs: inputs, outputs: outputs, kernel: 1, exact: false)))
    }
  }

  @Test(arguments: [Activation.relu, .sigmoid])
  func activation(_ activation: Activation) throws {
    let drawn = try #require(ConvolutionCase(output: 5, inputs: 9, outputs: 20, kernel: 1))
    guard PointwiseConvolution.supports(drawn.geometry) else { return }
    var expected = drawn.reference.output(drawn.input, drawn.weight, bias: drawn.bias)
    for index in expected.elements.indices {
      var value = Float(expected.elements[index])
      activation.apply(&value, 1)
      expected.elements[index] = Double(value)
    }
    let found = AlgorithmRunner(
      algorithm: PointwiseConvolution(drawn.geometry, activation: activation), weight: drawn.weight,
      bias: drawn.bias
    ).run(drawn.input, to: drawn.reference.outputShape)
    expectSum(found, expected, length: 9, exact: false, "\(activation)")
  }

  @Test func leavesOtherWindowsToOthers() throws {
    let cases: [ConvolutionCase?] = [
      .init(output: 3, inputs: 4, outputs: 4, kernel: 3),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 1, stride: 2),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 1, padding: 1),
      .init(output: 3, inputs: 4, outputs: 4, kernel: 1, groups: 2),
    ]
    for drawn in cases { #expect(!PointwiseConvolution.supports(try #require(drawn).geometry)) }
  }
}
