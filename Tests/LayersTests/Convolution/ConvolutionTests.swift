import Layers
import TensorCore
import Testing

@Suite struct ConvolutionTests {
  @Test func handMade() throws {
    let harness = OperatorHarness(
      Convolution(outputs: 2, kernel: 2), inputs: [.counting([1, 3, 3, 1])],
      parameters: [Tensor([1, 0, 0, -1, 1, 2, 3, 4], shape: [2, 1, 2, 2]), Tensor([10, -7], shape: [2])])
    let output = try harness.forward().outputs[0]
    // Kernels are not turned: 1 - 5 + 10, and 1 + 4 + 12 + 20 - 7.
    #expect(output == Tensor([6, 30, 6, 40, 6, 60, 6, 70], shape: [1, 2, 2, 2]))
    let gradients = try harness.backward([Tensor([1, 0, 0, 0, 0, 0, 0, 1], shape: [1, 2, 2, 2])])
    #expect(gradients.inputs[0]?.elements == [1, 0, 0, 0, 0, 2, 0, 3, 4])
    #expect(gradients.parameters[0]?.elements == [1, 2, 4, 5, 5, 6, 8, 9])
    #expect(gradients.parameters[1]?.elements == [1, 1])
  }

  @Test func handMadeStridePaddingDilation() throws {
    let op = Convolution(
      outputs: 1, kernel: Pair(1, 2), stride: Pair(2, 1), padding: Pair(0, 1), dilation: 2, bias: false)
    let harness = OperatorHarness(
      op, inputs: [.counting([1, 3, 3, 1])], parameters: [Tensor([1, 10], shape: [1, 1, 1, 2])])
    #expect(try harness.forward().outputs[0] == Tensor([20, 31, 2, 80, 97, 8], shape: [1, 2, 3, 1]))
  }

  @Test func handMadeGroups() throws {
    let harness = OperatorHarness(
      Convolution(outputs: 4, kernel: 1, groups: 2), inputs: [Tensor([1, 2, 3, 4], shape: [1, 1, 1, 4])],
      parameters: [
        Tensor([1, 1, 1, -1, 10, 1, 0, 2], shape: [4, 2, 1, 1]), Tensor([0, 0, 0, 100], shape: [4]),
      ])
    #expect(try harness.forward().outputs[0].elements == [3, -1, 34, 108])
  }

  @Test func sweep() throws {
    for (index, drawn) in ConvolutionCase.draw(60, seed: 5).enumerated() {
      let reference = drawn.reference
      let bias = index % 3 > 0
      let op = drawn.layer(bias: bias)
      #expect(try op.outputShapes(for: [reference.inputShape]) == [reference.outputShape], "\(drawn)")
      #expect(op.macs(for: [reference.inputShape]) == drawn.geometry.macs)
      let harness = OperatorHarness(
        op, inputs: [drawn.input], parameters: bias ? [drawn.weight, drawn.bias] : [drawn.weight])
      let (lengths, exact) = (reference.lengths, drawn.exact)
      expectSum(
        try harness.forward().outputs[0],
        reference.output(drawn.input, drawn.weight, bias: bias ? drawn.bias : nil),
        length: lengths.output, exact: exact, "\(drawn)")
      let gradients = try harness.backward([drawn.outputGradient])
      expectSum(
        gradients.inputs[0], reference.inputGradient(drawn.outputGradient, drawn.weight),
        length: lengths.inputGradient, exact: exact, "gradient of the input: \(drawn)")
      expectSum(
        gradients.parameters[0], reference.weightGradient(drawn.input, drawn.outputGradient),
        length: lengths.weightGradient, exact: exact, "gradient of the weight: \(drawn)")
      guard bias else { continue }
      expectSum(
        gradients.parameters[1]?.reshaped([1, 1, 1, drawn.geometry.outputChannels]),
        reference.biasGradient(drawn.outputGradient), length: lengths.weightGradient, exact: exact,
        "gradient of the bias: \(drawn)")
    }
  }

  @Test(arguments: [
    Activation.relu, .leakyReLU(slope: 0.25), .elu(alpha: 1), .sigmoid, .tanh, .softplus,
  ])
  func fusedActivation(activation: Activation) throws {
    for drawn in ConvolutionCase.draw(12, seed: 6) {
      for algorithm in drawn.layer().algorithms(for: [drawn.input.shape], .forward).map(\.name) {
        func run(_ activation: Activation) throws -> Tensor {
          try OperatorHarness(
            drawn.layer(activation: activation), inputs: [drawn.input],
            parameters: [drawn.weight, drawn.bias], mode: .inference, algorithm: algorithm
          ).forward().outputs[0]
        }
        var expected = try run(.identity)
        expected.withUnsafeMutableElements { elements in
          if let base = elements.baseAddress { activation.apply(base, elements.count) }
        }
        expectClose(try run(activation), Naive(expected), "\(algorithm) \(activation): \(drawn)")
      }
    }
  }

  @Test func gradients() throws {
    let cases: [(Convolution, Shape)] = [
      (Convolution(outputs: 3, kernel: 3, padding: 1), [2, 4, 5, 2]),
      (
        Convolution(outputs: 2, kernel: Pair(2, 3), stride: Pair(2, 1), dilation: Pair(1, 2), bias: false),
        [1, 5, 7, 3]
      ),
      (Convolution(outputs: 4, kernel: 3, stride: 2, padding: 1, groups: 2), [1, 5, 6, 4]),
      (Convolution(outputs: 6, kernel: 3, padding: 1, groups: 3), [1, 4, 4, 3]),
      (Convolution(outputs: 5, kernel: 1), [1, 3, 3, 4]),
      (Convolution(outputs: 3, kernel: 1, padding: 2), [1, 3, 3, 2]),
    ]
    for (op, input) in cases {
      let specs = op.parameterSpecs(for: [input])
      let parameters = specs.enumerated().map { Tensor.random($1.shape, seed: UInt64($0 + 5)) }
      try GradientCheck(reduction: 40, elements: 30).run(
        op, inputs: [.random(input, seed: 1)], parameters: parameters)
    }
  }

  @Test func gradientsThatNobodyWants() throws {
    let drawn = try #require(ConvolutionCase(output: 4, inputs: 3, outputs: 5, kernel: 3))
    let harness = OperatorHarness(
      drawn.layer(), inputs: [drawn.input], parameters: [drawn.weight, drawn.bias])
    let all = try harness.backward([drawn.outputGradient])
    let some = try harness.backward([drawn.outputGradient], wanted: [false])
    #expect(some.inputs[0] == nil)
    #expect(some.parameters == all.parameters)
  }

  @Test func specsWindowAndCopies() {
    let op = Convolution(
      outputs: 8, kernel: Pair(3, 5), stride: 2, padding: Pair(1, 2), dilation: Pair(2, 1), groups: 2)
    #expect(
      op.parameterSpecs(for: [[1, 9, 9, 6]]) == [
        ParameterSpec("weight", [8, 3, 3, 5], .heNormal(fanIn: 45), decays: true),
        ParameterSpec("bias", [8], .constant(0)),
      ])
    #expect(op.window(for: [[1, 9, 9, 6]]) == Window(extent: Pair(5, 5), stride: 2, padding: Pair(1, 2)))
    let plain = Convolution(outputs: 8, kernel: 3, bias: false)
    #expect(plain.parameterSpecs(for: [[1, 9, 9, 6]]).map(\.name) == ["weight"])
    #expect(
      plain.withBias(activation: .relu).isEqual(to: Convolution(outputs: 8, kernel: 3, activation: .relu)))
    #expect(
      op.with(activation: .tanh).isEqual(
        to: Convolution(
          outputs: 8, kernel: Pair(3, 5), stride: 2, padding: Pair(1, 2), dilation: Pair(2, 1), groups: 2,
          activation: .tanh)))
    #expect(!plain.isEqual(to: op))
  }

  @Test func errors() {
    func text(_ op: Convolution, _ inputs: [Shape] = [[1, 4, 5, 6]]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    #expect(text(Convolution(outputs: 2, kernel: 1), []) == "conv2d: expected 1 inputs, found 0")
    #expect(
      text(Convolution(outputs: 8, kernel: 1, groups: 4))
        == "conv2d: expected channels that 4 groups divide, found 6")
    #expect(
      text(Convolution(outputs: 8, kernel: 1, groups: 3))
        == "conv2d: expected channels that 3 groups divide, found 8")
    #expect(
      text(Convolution(outputs: 8, kernel: 3, padding: Pair(0, 1), dilation: Pair(3, 2)))
        == "conv2d: expected a padded input of at least 7x5, found 4x7; use a larger image")
    #expect(text(Convolution(outputs: 0, kernel: 1)) == "conv2d: expected outputs of 1 or more, found 0")
    #expect(
      text(Convolution(outputs: 1, kernel: Pair(3, 0))) == "conv2d: expected kernel of 1 or more, found 0")
    #expect(
      text(Convolution(outputs: 1, kernel: 1, stride: Pair(-1, 1)))
        == "conv2d: expected stride of 1 or more, found -1")
    #expect(
      text(Convolution(outputs: 1, kernel: 1, padding: Pair(0, -2)))
        == "conv2d: expected padding of 0 or more, found -2")
    #expect(
      text(Convolution(outputs: 1, kernel: 1, dilation: 0))
        == "conv2d: expected dilation of 1 or more, found 0")
    #expect(
      text(Convolution(outputs: 1, kernel: 1, groups: 0)) == "conv2d: expected groups of 1 or more, found 0")
  }
}
