import Layers
import TensorCore
import Testing

@Suite struct DenseTests {
  /// The weight counts `[C, H, W]` as PyTorch flattens it, though the input lies `[H, W, C]`.
  @Test func handMade() throws {
    let harness = OperatorHarness(
      Dense(outputs: 2), inputs: [Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])],
      parameters: [Tensor([1, 10, 100, 1000, 0, 0, 1, 0], shape: [2, 4]), Tensor([0, 7], shape: [2])])
    #expect(try harness.forward().outputs[0] == Tensor([4231, 9], shape: [1, 1, 1, 2]))
    let gradients = try harness.backward([Tensor([1, -1], shape: [1, 1, 1, 2])])
    #expect(gradients.inputs[0]?.elements == [1, 99, 10, 1000])
    #expect(gradients.parameters[0]?.elements == [1, 3, 2, 4, -1, -3, -2, -4])
    #expect(gradients.parameters[1]?.elements == [1, -1])
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 21)
    for round in 0..<40 {
      let size = round % 3 == 0 ? Pair(1) : Pair(1 + stream.below(8), 1 + stream.below(8))
      let (inputs, outputs) = (1 + stream.below(70), 1 + stream.below(140))
      let drawn = ConvolutionCase(
        ConvolutionGeometry(
          batch: 1 + stream.below(3), input: size, inputChannels: inputs, output: 1, outputChannels: outputs,
          kernel: size, stride: 1, padding: 0, dilation: 1, groups: 1),
        exact: round % 2 == 0, seed: UInt64(round))
      try check(drawn, bias: round % 4 > 0)
    }
  }

  private func check(_ drawn: ConvolutionCase, bias: Bool) throws {
    let (reference, g, exact) = (drawn.reference, drawn.geometry, drawn.exact)
    let op = Dense(outputs: g.outputChannels, bias: bias)
    #expect(try op.outputShapes(for: [drawn.input.shape]) == [reference.outputShape])
    #expect(op.macs(for: [drawn.input.shape]) == g.macs)
    let weight = drawn.weight.reshaped([g.outputChannels, g.patch])
    let harness = OperatorHarness(
      op, inputs: [drawn.input], parameters: bias ? [weight, drawn.bias] : [weight])
    expectSum(
      try harness.forward().outputs[0],
      reference.output(drawn.input, drawn.weight, bias: bias ? drawn.bias : nil),
      length: reference.lengths.output, exact: exact, "\(drawn)")
    let gradients = try harness.backward([drawn.outputGradient])
    expectSum(
      gradients.inputs[0], reference.inputGradient(drawn.outputGradient, drawn.weight),
      length: reference.lengths.inputGradient, exact: exact, "gradient of the input: \(drawn)")
    expectSum(
      gradients.parameters[0]?.reshaped(reference.weightShape),
      reference.weightGradient(drawn.input, drawn.outputGradient),
      length: reference.lengths.weightGradient, exact: exact, "gradient of the weight: \(drawn)")
  }

  @Test func fusedActivation() throws {
    let parameters = [Tensor.random([33, 60], seed: 2), Tensor.random([33], seed: 3)]
    let input = Tensor.random([2, 3, 4, 5], seed: 1)
    let plain = try OperatorHarness(Dense(outputs: 33), inputs: [input], parameters: parameters).forward()
    let fused = try OperatorHarness(
      Dense(outputs: 33, activation: .relu), inputs: [input], parameters: parameters, mode: .inference
    ).forward()
    #expect(fused.outputs[0].elements == plain.outputs[0].elements.map { max(0, $0) })
  }

  @Test func gradients() throws {
    try GradientCheck(reduction: 24, elements: 30).run(
      Dense(outputs: 3), inputs: [.random([2, 2, 3, 4], seed: 1)],
      parameters: [.random([3, 24], seed: 2), .random([3], seed: 3)])
    try GradientCheck(reduction: 5).run(
      Dense(outputs: 4, bias: false), inputs: [.random([3, 1, 1, 5], seed: 1)],
      parameters: [.random([4, 5], seed: 2)])
  }

  @Test func specsAndErrors() {
    #expect(
      Dense(outputs: 10).parameterSpecs(for: [[3, 2, 2, 4]]) == [
        ParameterSpec("weight", [10, 16], .uniform(bound: 0.25), decays: true),
        ParameterSpec("bias", [10], .uniform(bound: 0.25)),
      ])
    #expect(
      Dense(outputs: 10).window(for: [[3, 2, 5, 4]]) == Window(extent: Pair(2, 5), stride: Pair(2, 5)))
    #expect(
      errorText { _ = try Dense(outputs: 1).outputShapes(for: [[1, 1, 1, 1], [1, 1, 1, 1]]) }
        == "dense: expected 1 inputs, found 2")
    #expect(
      errorText { _ = try Dense(outputs: 0).outputShapes(for: [[1, 1, 1, 1]]) }
        == "dense: expected outputs of 1 or more, found 0")
  }
}
