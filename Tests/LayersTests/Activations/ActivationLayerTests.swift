import Layers
import TensorCore
import Testing

@Suite struct ActivationLayerTests {
  @Test(arguments: [[1, 1, 1, 1], [2, 5, 7, 3], [1, 9, 4, 17], [2, 41, 67, 16], [0, 3, 3, 4]])
  func matchesReference(extents: [Int]) throws {
    let input = Tensor.random(Shape(extents), seed: 1, in: -6...6)
    for (activation, function) in referenceActivations {
      let found = try OperatorHarness(ActivationLayer(activation), inputs: [input]).forward()
      var expected = Naive(input)
      for index in expected.elements.indices { expected.elements[index] = function(expected.elements[index]) }
      expectClose(found.outputs[0], expected, "\(activation)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.distinct([2, 3, 5, 2], seed: 3)
    for (activation, _) in referenceActivations {
      try GradientCheck().run(ActivationLayer(activation), inputs: [input])
    }
  }

  @Test func missingGradientIsZero() throws {
    let input = Tensor.random([2, 3, 5, 2], seed: 3)
    let gradients = try OperatorHarness(ActivationLayer(.tanh), inputs: [input]).backward([nil])
    #expect(gradients.inputs[0] == Tensor(zeros: input.shape))
  }

  @Test func labelsAndSettings() {
    #expect(
      referenceActivations.map { ActivationLayer($0.activation).label }
        == ["identity", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus"])
    let shape: Shape = [1, 1, 1, 1]
    #expect(ActivationLayer(.identity).isIdentity(for: [shape], mode: .training))
    #expect(!ActivationLayer(.relu).isIdentity(for: [shape], mode: .inference))
    #expect(
      errorText { _ = try ActivationLayer(.relu).outputShapes(for: []) } == "relu: expected 1 inputs, found 0"
    )
    #expect(
      errorText { _ = try ActivationLayer(.leakyReLU(slope: -0.1)).outputShapes(for: [shape]) }
        == "leaky_relu: expected slope in percent of 0 or more, found -10")
    #expect(
      errorText { _ = try ActivationLayer(.elu(alpha: -2)).outputShapes(for: [shape]) }
        == "elu: expected alpha in percent of 0 or more, found -200")
  }
}
