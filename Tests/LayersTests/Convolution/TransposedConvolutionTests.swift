import Layers
import TensorCore
import Testing

@Suite struct TransposedConvolutionTests {
  @Test func handMade() throws {
    let harness = OperatorHarness(
      TransposedConvolution(outputs: 1, kernel: 2, stride: 2),
      inputs: [Tensor([1, 2, 3, 4], shape: [1, 2, 2, 1])],
      parameters: [Tensor([1, 10, 100, 1000], shape: [1, 1, 2, 2]), Tensor([5], shape: [1])])
    #expect(
      try harness.forward().outputs[0]
        == Tensor(
          [6, 15, 7, 25, 105, 1005, 205, 2005, 8, 35, 9, 45, 305, 3005, 405, 4005], shape: [1, 4, 4, 1]))
    let gradients = try harness.backward([.counting([1, 4, 4, 1])])
    #expect(gradients.inputs[0]?.elements == [6521, 8743, 15409, 17631])
    #expect(gradients.parameters[0]?.elements == [78, 88, 118, 128])
    #expect(gradients.parameters[1]?.elements == [136])
  }

  @Test func handMadeOverlapAndPadding() throws {
    let harness = OperatorHarness(
      TransposedConvolution(outputs: 2, kernel: Pair(1, 3), stride: 1, padding: Pair(0, 1), bias: false),
      inputs: [Tensor([1, 10, 100], shape: [1, 1, 3, 1])],
      parameters: [Tensor([1, 2, 3, 0, 1, 0], shape: [1, 2, 1, 3])])
    #expect(try harness.forward().outputs[0].elements == [12, 1, 123, 10, 230, 100])
  }

  /// The output is drawn first where strides allow it; the weight is `[I, O, KH, KW]`, the convolution's `OIHW`.
  @Test func sweep() throws {
    var stream = RandomStream(seed: 12)
    for round in 0..<60 {
      let kernel = Pair(1 + stream.below(5), 1 + stream.below(5))
      let stride = Pair(1 + stream.below(3), 1 + stream.below(3))
      let padding = Pair(stream.below(3), stream.below(3))
      let input = Pair(1 + stream.below(6), 1 + stream.below(12))
      let (inputs, outputs) = (1 + stream.below(40), 1 + stream.below(70))
      let output = Pair(
        (input.height - 1) * stride.height - 2 * padding.height + kernel.height,
        (input.width - 1) * stride.width - 2 * padding.width + kernel.width)
      guard output.height > 0, output.width > 0 else { continue }
      // The convolution whose gradient this layer is: names change places.
      let turned = ConvolutionCase(
        ConvolutionGeometry(
          batch: 1 + round % 2, input: output, inputChannels: outputs, output: input,
          outputChannels: inputs, kernel: kernel, stride: stride, padding: padding, dilation: 1, groups: 1),
        exact: round % 2 == 0, seed: UInt64(round))
      try check(turned, bias: round % 3 > 0)
    }
  }

  private func check(_ turned: ConvolutionCase, bias: Bool) throws {
    let (g, reference) = (turned.geometry, turned.reference)
    let op = TransposedConvolution(
      outputs: g.inputChannels, kernel: g.kernel, stride: g.stride, padding: g.padding, bias: bias)
    #expect(try op.outputShapes(for: [reference.outputShape]) == [reference.inputShape], "\(turned)")
    #expect(op.macs(for: [reference.outputShape]) == g.macs)
    let offset = Tensor.integers([g.inputChannels], seed: 3)
    let harness = OperatorHarness(
      op, inputs: [turned.outputGradient], parameters: bias ? [turned.weight, offset] : [turned.weight])
    expectSum(
      try harness.forward().outputs[0],
      reference.inputGradient(turned.outputGradient, turned.weight, bias: bias ? offset : nil),
      length: reference.lengths.inputGradient, exact: turned.exact, "\(turned)")
    let gradients = try harness.backward([turned.input])
    expectSum(
      gradients.inputs[0], reference.output(turned.input, turned.weight),
      length: reference.lengths.output, exact: turned.exact, "gradient of the input: \(turned)")
    expectSum(
      gradients.parameters[0], reference.weightGradient(turned.input, turned.outputGradient),
      length: reference.lengths.weightGradient, exact: turned.exact, "gradient of the weight: \(turned)")
  }

  @Test(arguments: [Activation.relu, .sigmoid]) func fusedActivation(activation: Activation) throws {
    func run(_ activation: Activation) throws -> Tensor {
      try OperatorHarness(
        TransposedConvolution(outputs: 70, kernel: 3, stride: 2, padding: 1, activation: activation),
        inputs: [.random([2, 5, 7, 9], seed: 1)],
        parameters: [.random([9, 70, 3, 3], seed: 2), .random([70], seed: 3)], mode: .inference
      ).forward().outputs[0]
    }
    var expected = try run(.identity)
    expected.withUnsafeMutableElements { elements in
      if let base = elements.baseAddress { activation.apply(base, elements.count) }
    }
    expectClose(try run(activation), Naive(expected))
  }

  @Test func gradients() throws {
    let cases: [(TransposedConvolution, Shape)] = [
      (TransposedConvolution(outputs: 3, kernel: 2, stride: 2), [2, 3, 3, 2]),
      (
        TransposedConvolution(outputs: 2, kernel: Pair(4, 3), stride: Pair(2, 1), padding: 1, bias: false),
        [1, 3, 4, 3]
      ),
      (TransposedConvolution(outputs: 2, kernel: 1, stride: 3), [1, 2, 3, 2]),
    ]
    for (op, input) in cases {
      let parameters = op.parameterSpecs(for: [input]).enumerated().map {
        Tensor.random($1.shape, seed: UInt64($0 + 5))
      }
      try GradientCheck(reduction: 30, elements: 30).run(
        op, inputs: [.random(input, seed: 1)], parameters: parameters)
    }
  }

  /// A bilinear start enlarges a constant to the same constant, but for the border.
  @Test func bilinearStartEnlarges() throws {
    var stream = RandomStream(seed: 1)
    let weight = Initializer.bilinear.tensor([2, 2, 4, 4], from: &stream)
    let output = try OperatorHarness(
      TransposedConvolution(outputs: 2, kernel: 4, stride: 2, padding: 1, bias: false),
      inputs: [Tensor([1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5], shape: [1, 3, 3, 2])],
      parameters: [weight]
    ).forward().outputs[0]
    let inside = Naive(output)
    for row in 1..<5 {
      for column in 1..<5 {
        #expect(inside[0, row, column, 0] == 1)
        #expect(inside[0, row, column, 1] == 5)
      }
    }
  }

  @Test func specsWindowAndErrors() {
    let op = TransposedConvolution(outputs: 4, kernel: Pair(2, 2), stride: 2, padding: 1)
    #expect(
      op.parameterSpecs(for: [[1, 3, 3, 6]]) == [
        ParameterSpec("weight", [6, 4, 2, 2], .uniform(bound: 0.25), decays: true),
        ParameterSpec("bias", [4], .uniform(bound: 0.25)),
      ])
    #expect(op.window(for: [[1, 3, 3, 6]]) == Window(extent: 2, upsampling: 2, padding: 0))
    let wide = TransposedConvolution(outputs: 4, kernel: Pair(5, 3), stride: Pair(2, 3), padding: Pair(1, 0))
    #expect(
      wide.window(for: [[1, 3, 3, 6]])
        == Window(extent: Pair(5, 3), upsampling: Pair(2, 3), padding: Pair(3, 2)))
    #expect(op.outputAxis == 1)
    func text(_ op: TransposedConvolution, _ inputs: [Shape] = [[1, 1, 2, 3]]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    #expect(text(op, []) == "conv_transpose2d: expected 1 inputs, found 0")
    #expect(
      text(op)
        == "conv_transpose2d: expected a padded input of at least 3x3, found 2x4; use a larger image")
    #expect(
      text(TransposedConvolution(outputs: 0, kernel: 2, stride: 2))
        == "conv_transpose2d: expected outputs of 1 or more, found 0")
    #expect(
      text(TransposedConvolution(outputs: 1, kernel: Pair(2, -3), stride: 2))
        == "conv_transpose2d: expected kernel of 1 or more, found -3")
    #expect(
      text(TransposedConvolution(outputs: 1, kernel: 2, stride: Pair(0, 2)))
        == "conv_transpose2d: expected stride of 1 or more, found 0")
    #expect(
      text(TransposedConvolution(outputs: 1, kernel: 2, stride: 2, padding: -1))
        == "conv_transpose2d: expected padding of 0 or more, found -1")
  }
}
