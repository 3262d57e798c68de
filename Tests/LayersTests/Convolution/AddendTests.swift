import Layers
import TensorCore
import Testing

/// Every algorithm adds an activation to its sums, from elsewhere or in place.
@Suite struct AddendTests {
  /// Compares with the sum of reference and addend, clamped at 0.
  private func check(
    _ algorithm: any Algorithm, _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ sums: Naive,
    length: Int,
    exact: Bool, _ what: String
  ) {
    let addend: Tensor = exact ? .integers(sums.shape, seed: 77) : .random(sums.shape, seed: 77)
    var expected = sums
    for (index, element) in addend.elements.enumerated() {
      expected.elements[index] = max(0, expected.elements[index] + Double(element))
    }
    let found = AlgorithmRunner(algorithm: algorithm, weight: weight, bias: bias, addend: addend)
      .run(input, to: sums.shape)
    // One more than the products, and the bias.
    expectSum(found, expected, length: length + 2, exact: exact, "\(algorithm.name): \(what)")
  }

  private func check(_ drawn: ConvolutionCase) {
    let (g, reference) = (drawn.geometry, drawn.reference)
    for (index, bias) in [drawn.bias, nil].enumerated() {
      let sums = reference.output(drawn.input, drawn.weight, bias: bias)
      // Winograd's transforms round by themselves and are compared below.
      for algorithm in ConvolutionEngine.forward(g, .relu) where !(algorithm is WinogradConvolution) {
        check(
          algorithm, drawn.input, drawn.weight, bias, sums, length: reference.lengths.output,
          exact: drawn.exact, "\(drawn)")
      }
      let back: Tensor? = index == 0 ? .integers([g.inputChannels], seed: 5) : nil
      let gradient = reference.inputGradient(drawn.outputGradient, drawn.weight, bias: back)
      for algorithm in ConvolutionEngine.transposed(g, .relu) {
        check(
          algorithm, drawn.outputGradient, drawn.weight, back, gradient,
          length: reference.lengths.inputGradient, exact: drawn.exact, "\(drawn)")
      }
    }
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(60, seed: 31) { check(drawn) } }

  /// Windows side by side, phases without a tap, transforms of every size, panels that are full and not.
  @Test func everyAlgorithm() throws {
    let cases: [ConvolutionCase?] = [
      .init(output: Pair(4, 5), inputs: 40, outputs: 33, kernel: 2, stride: 2),
      .init(output: Pair(4, 5), inputs: 32, outputs: 9, kernel: 1, stride: 2, slack: 1),
      .init(output: Pair(5, 7), inputs: 7, outputs: 64, kernel: 1),
      .init(output: Pair(5, 7), inputs: 7, outputs: 12, kernel: 3, padding: 1, groups: 1),
      // Results that are written past the caches.
      .init(output: Pair(130, 131), inputs: 3, outputs: 64, kernel: 1),
      .init(output: Pair(66, 65), inputs: 64, outputs: 3, kernel: 2, stride: 2),
      .init(output: Pair(66, 65), inputs: 64, outputs: 3, kernel: 3, stride: 2, padding: 1),
    ]
    for drawn in cases { check(try #require(drawn)) }
    for (transform, taps) in [
      (WinogradTransform.two, 3), (.four, 3), (.six, 3), (.twoOfSeven, 7),
    ] {
      let sizes = [(32, Pair(12, 18)), (41, Pair(9, 7))] + (taps == 3 ? [(64, Pair(130, 131))] : [])
      for (outputs, output) in sizes {
        let drawn = try #require(
          ConvolutionCase(
            output: output, inputs: 16, outputs: outputs, kernel: Pair(taps, taps), padding: 1, exact: false))
        guard WinogradConvolution.transforms(of: drawn.geometry).contains(transform) else { continue }
        check(
          WinogradConvolution(drawn.geometry, transform, activation: .relu), drawn.input, drawn.weight,
          drawn.bias, drawn.reference.output(drawn.input, drawn.weight, bias: drawn.bias),
          length: 16 * drawn.reference.lengths.output, exact: false, "\(drawn)")
      }
    }
  }
}
