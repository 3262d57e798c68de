import Layers
import TensorCore
import Testing

@Suite struct FrozenBatchNorm2DTests {
  private func parameters(_ channels: Int) -> [Tensor] {
    [
      .random([channels], seed: 11, in: 0.5...1.5), .random([channels], seed: 12),
      .random([channels], seed: 13), .random([channels], seed: 14, in: 0.5...2),
    ]
  }

  /// Factors 4 / √4 and 3 / √9; offsets 1 - 5 · 2 and 0 - 1 · 1.
  @Test func byHand() throws {
    let start = [[4, 3], [1, 0], [5, 1], [4, 9]].map { Tensor($0, shape: [2]) }
    let harness = OperatorHarness(
      FrozenBatchNorm2D(epsilon: 0), inputs: [Tensor([7, 4, -1, 0], shape: [1, 2, 1, 2])], parameters: start)
    let found = try harness.forward()
    #expect(found.outputs[0].elements == [5, 3, -11, -1] && found.parameters == start && found.saved.isEmpty)
    let gradients = try harness.backward([Tensor([1, 2, 3, 4], shape: [1, 2, 1, 2])])
    #expect(gradients.inputs[0]?.elements == [2, 2, 6, 4])
    #expect(gradients.parameters.allSatisfy { $0 == nil })
  }

  /// In training it is what a batch norm is in inference.
  @Test(arguments: [[2, 3, 5, 1], [1, 61, 67, 16], [3, 5, 5, 700]])
  func equalsInference(extents: [Int]) throws {
    let shape = Shape(extents)
    let (input, parameters) = (Tensor.random(shape, seed: 1, in: -2...3), parameters(shape.channels))
    let expected = try OperatorHarness(
      BatchNorm2D(), inputs: [input], parameters: parameters, mode: .inference
    ).forward().outputs[0]
    let harness = OperatorHarness(FrozenBatchNorm2D(), inputs: [input], parameters: parameters)
    let found = try harness.forward()
    #expect(found.parameters == parameters)
    for (a, b) in zip(found.outputs[0].elements, expected.elements) { #expect(abs(a - b) < 2e-5) }
    let gradient = Tensor.random(shape, seed: 2)
    let passed = try #require(try harness.backward([gradient]).inputs[0])
    for index in gradient.elements.indices {
      let channel = index % shape.channels
      let scale = parameters[0].elements[channel] / (parameters[3].elements[channel] + 1e-5).squareRoot()
      #expect(abs(passed.elements[index] - gradient.elements[index] * scale) < 1e-5)
    }
  }

  @Test func twoInputs() {
    #expect(
      errorText { _ = try FrozenBatchNorm2D().outputShapes(for: [[1, 1, 1, 1], [1, 1, 1, 1]]) }
        == errorText { _ = try BatchNorm2D().outputShapes(for: [[1, 1, 1, 1], [1, 1, 1, 1]]) }
        .replacing("batch_norm2d", with: "frozen_batch_norm2d"))
  }
}
