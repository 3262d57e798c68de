import Layers
import TensorCore
import Testing

/// Batch norm with a sum and an activation behind it, as at the end of a residual block.
@Suite struct BatchNormSumTests {
  private func parameters(_ channels: Int) -> [Tensor] {
    [
      .random([channels], seed: 11, in: 0.5...1.5), .random([channels], seed: 12),
      .random([channels], seed: 13), .random([channels], seed: 14, in: 0.5...2),
    ]
  }

  private func layer(_ activation: Activation) -> BatchNorm2D {
    BatchNorm2D().withAddend(activation: activation)
  }

  private func expect(_ found: Tensor?, _ values: [Double], _ reduction: Int, _ what: String) {
    var expected = Naive([values.count])
    expected.elements = values
    expectClose(found, expected, reduction: reduction, what)
  }

  @Test func twoValuesExactly() throws {
    let input = Tensor([-3, 5, 3, 1], shape: [1, 1, 2, 2])
    let zeros = Tensor(zeros: [2])
    let harness = OperatorHarness(
      BatchNorm2D(epsilon: 0).withAddend(activation: .relu),
      inputs: [input, Tensor([0.5, -2, -4, 3], shape: [1, 1, 2, 2])],
      parameters: [Tensor([2, 1], shape: [2]), Tensor([1, 0], shape: [2]), zeros, zeros])
    // -1 + 0.5, 1 - 2, 3 - 4, -1 + 3
    #expect(try harness.forward().outputs[0].elements == [0, 0, 0, 2])
    let gradients = try harness.backward([Tensor([5, 6, 7, 8], shape: [1, 1, 2, 2])])
    #expect(gradients.inputs[1]?.elements == [0, 0, 0, 8])
    #expect(gradients.inputs[0]?.elements == [0, 0, 0, 0])
    #expect(gradients.parameters[0]?.elements == [0, -8])
    #expect(gradients.parameters[1]?.elements == [0, 8])
  }

  @Test(arguments: [[2, 3, 5, 1], [2, 7, 9, 5], [1, 61, 67, 16], [3, 5, 5, 700], [1, 181, 182, 32]])
  func matchesReference(extents: [Int]) throws {
    let shape = Shape(extents)
    let (input, addend) = (Tensor.random(shape, seed: 1, in: -2...3), Tensor.random(shape, seed: 6))
    let gradient = Tensor.random(shape, seed: 2)
    let parameters = parameters(shape.channels)
    for activation in [Activation.identity, .relu, .leakyReLU(slope: 0.25), .sigmoid] {
      let op = layer(activation)
      let harness = OperatorHarness(op, inputs: [input, addend], parameters: parameters)
      let reference = BatchNormReference(input, gradient, parameters, activation, addend: addend)
      expectClose(try harness.forward().outputs[0], reference.output, reduction: 4, "\(activation) output")
      // With the addend's gradient wanted it lies there, else in scratch memory.
      for wanted in [true, false] {
        let gradients = try harness.backward([gradient], wanted: [true, wanted])
        #expect((gradients.inputs[1] != nil) == wanted)
        if wanted { expectClose(gradients.inputs[1], reference.addendGradient, "\(activation) addend") }
        expectClose(gradients.inputs[0], reference.inputGradient, reduction: 16, "\(activation) input")
        expect(gradients.parameters[0], reference.weightGradient, 4 * shape.pixels, "\(activation) weight")
        expect(gradients.parameters[1], reference.biasGradient, 4 * shape.pixels, "\(activation) bias")
      }
      let inference = OperatorHarness(op, inputs: [input, addend], parameters: parameters, mode: .inference)
      expectClose(
        try inference.forward().outputs[0], reference.inference, reduction: 4, "\(activation) inference")
    }
  }

  @Test func gradients() throws {
    let inputs = [Tensor.random([2, 3, 5, 3], seed: 5), Tensor.random([2, 3, 5, 3], seed: 6)]
    for activation in [Activation.identity, .softplus, .tanh] {
      try GradientCheck(reduction: 30, relative: 4e-3).run(
        layer(activation), inputs: inputs, parameters: Array(parameters(3)))
    }
  }

  @Test func onlyTheAddendIsWanted() throws {
    let shape: Shape = [2, 3, 5, 3]
    let (input, addend) = (Tensor.random(shape, seed: 5), Tensor.random(shape, seed: 6))
    let gradient = Tensor.random(shape, seed: 2)
    let harness = OperatorHarness(layer(.relu), inputs: [input, addend], parameters: parameters(3))
    let reference = BatchNormReference(input, gradient, parameters(3), .relu, addend: addend)
    let gradients = try harness.backward([gradient], wanted: [false, true])
    #expect(gradients.inputs[0] == nil)
    expectClose(gradients.inputs[1], reference.addendGradient, "addend")
    expect(gradients.parameters[1], reference.biasGradient, 120, "bias")
  }

  @Test func missingGradientIsZero() throws {
    let input = Tensor.random([2, 3, 3, 4], seed: 1)
    let harness = OperatorHarness(layer(.relu), inputs: [input, input], parameters: parameters(4))
    let gradients = try harness.backward([nil])
    #expect(gradients.inputs == [Tensor(zeros: [2, 3, 3, 4]), Tensor(zeros: [2, 3, 3, 4])])
    #expect(gradients.parameters == [Tensor(zeros: [4]), Tensor(zeros: [4]), nil, nil])
  }

  @Test func readsOnlyWhatItNeeds() {
    #expect(layer(.relu).backwardReads == [.inputs, .outputs])
    #expect(layer(.identity).backwardReads == .inputs)
    #expect(layer(.relu).backwardReads(input: 0) && !layer(.relu).backwardReads(input: 1))
  }

  @Test func changingOneSettingKeepsTheOthers() {
    let op = BatchNorm2D(epsilon: 0.5, momentum: 0.25).withAddend(activation: .relu)
    #expect(
      op.with(momentum: 0.125)
        == BatchNorm2D(epsilon: 0.5, momentum: 0.125, takesAddend: true, activation: .relu))
    #expect(
      op.with(activation: .tanh)
        == BatchNorm2D(epsilon: 0.5, momentum: 0.25, takesAddend: true, activation: .tanh))
  }

  @Test func errors() {
    let op = layer(.relu)
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 2, 2, 3]]) } == "batch_norm2d: expected 2 inputs, found 1"
    )
    #expect(
      throws: LayerError.shapesDiffer(operator: "batch_norm2d", expected: [1, 2, 2, 3], found: [1, 2, 2, 4])
    ) {
      try op.outputShapes(for: [[1, 2, 2, 3], [1, 2, 2, 4]])
    }
  }
}
