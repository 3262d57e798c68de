import Layers
import TensorCore
import Testing

@Suite struct BatchNorm2DTests {
  private func parameters(_ channels: Int) -> [Tensor] {
    [
      .random([channels], seed: 11, in: 0.5...1.5), .random([channels], seed: 12),
      .random([channels], seed: 13), .random([channels], seed: 14, in: 0.5...2),
    ]
  }

  private func expect(
    _ found: Tensor?, _ values: [Double], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var expected = Naive(found?.shape ?? [])
    expected.elements = values
    expectClose(found, expected, what, sourceLocation: sourceLocation)
  }

  /// `BatchNorm2d` and `relu` of PyTorch 2.15, the loss being the sum of outputs times 1, 2, 3, …
  @Test func equalsPyTorch() throws {
    let input = Tensor([1, -2, 3, 0.5, 4, 1, -1, 2, 0, 5, 2.5, -3], shape: [2, 3, 1, 2])
    let start = [
      Tensor([1.5, -0.5], shape: [2]), Tensor([0.25, 0.75], shape: [2]), Tensor([0.5, -0.5], shape: [2]),
      Tensor([2, 3], shape: [2]),
    ]
    let harness = OperatorHarness(BatchNorm2D(activation: .relu), inputs: [input], parameters: start)
    let found = try harness.forward()
    expect(
      found.outputs[0],
      [
        0, 1.2428709268569946, 1.4698283672332764, 0.7658990621566772, 2.330883741378784, 0.6705046892166138,
        0,
        0.47971591353416443, 0, 0, 1.0393006801605225, 1.4336596727371216,
      ], "output")
    expect(found.parameters[2], [0.6083333492279053, -0.3916666507720947], "running mean")
    expect(found.parameters[3], [2.1641666889190674, 3.5241665840148926], "running variance")
    #expect(found.parameters[0] == start[0] && found.parameters[1] == start[1])
    let gradients = try harness.backward([Tensor.counting([2, 3, 1, 2])])
    expect(
      gradients.inputs[0],
      [
        -1.9979660511016846, 1.0505914688110352, -1.9132314920425415, 0.26776015758514404,
        -1.4403363466262817,
        -0.19406811892986298, 0.5004653334617615, -0.7361471652984619, -0.7487505078315735,
        0.3086583614349365,
        5.599818706512451, -0.6967946290969849,
      ], "gradient")
    expect(gradients.parameters[0], [15.164140701293945, -13.228020668029785], "weight")
    expect(gradients.parameters[1], [19, 32], "bias")
    let inference = OperatorHarness(
      BatchNorm2D(), inputs: [input], parameters: found.parameters, mode: .inference)
    let result = try inference.forward()
    expect(
      result.outputs[0],
      [
        0.6493571400642395, 1.1783682107925415, 2.6886277198791504, 0.5125108957290649, 3.7082631587982178,
        0.37933939695358276, -1.389913558959961, 0.11299645900726318, -0.37027817964553833,
        -0.6860323548316956,
        2.1788101196289062, 1.4447112083435059,
      ], "inference")
    #expect(result.parameters == found.parameters && result.saved.isEmpty)
  }

  @Test func twoValuesExactly() throws {
    let input = Tensor([-3, 5, 3, 1], shape: [1, 1, 2, 2])
    let zeros = Tensor(zeros: [2])
    let harness = OperatorHarness(
      BatchNorm2D(epsilon: 0, momentum: 0.5), inputs: [input],
      parameters: [Tensor([2, 1], shape: [2]), Tensor([1, 0], shape: [2]), zeros, zeros])
    let found = try harness.forward()
    #expect(found.outputs[0].elements == [-1, 1, 3, -1])
    #expect(found.saved.map(\.elements) == [[0, 3], [1 / 3, 0.5]])
    #expect(found.parameters[2].elements == [0, 1.5])
    #expect(found.parameters[3].elements == [9, 4])
  }

  /// Forward and backward of each activation against plain sums in `Double`.
  @Test(arguments: [
    [2, 3, 5, 1], [2, 7, 9, 5], [1, 61, 67, 16], [2, 29, 31, 33], [3, 5, 5, 700], [1, 181, 182, 32],
  ])
  func matchesReference(extents: [Int]) throws {
    let shape = Shape(extents)
    let input = Tensor.random(shape, seed: 1, in: -2...3)
    let gradient = Tensor.random(shape, seed: 2)
    let parameters = parameters(shape.channels)
    for activation in [Activation.identity, .relu, .leakyReLU(slope: 0.25), .sigmoid] {
      let op = BatchNorm2D(activation: activation)
      let harness = OperatorHarness(op, inputs: [input], parameters: parameters)
      let reference = BatchNormReference(input, gradient, parameters, activation)
      let found = try harness.forward()
      expectClose(found.outputs[0], reference.output, reduction: 4, "\(activation) output")
      let gradients = try harness.backward([gradient])
      expectClose(gradients.inputs[0], reference.inputGradient, reduction: 16, "\(activation) input")
      expect(gradients.parameters[0], reference.weightGradient, 4 * shape.pixels, "\(activation) weight")
      expect(gradients.parameters[1], reference.biasGradient, 4 * shape.pixels, "\(activation) bias")
      let inference = OperatorHarness(op, inputs: [input], parameters: parameters, mode: .inference)
      expectClose(
        try inference.forward().outputs[0], reference.inference, reduction: 4, "\(activation) inference")
    }
  }

  private func expect(_ found: Tensor?, _ values: [Double], _ reduction: Int, _ what: String) {
    var expected = Naive([values.count])
    expected.elements = values
    expectClose(found, expected, reduction: reduction, what)
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 3, 5, 3], seed: 5)
    for activation in [Activation.identity, .softplus, .tanh] {
      try GradientCheck(reduction: 30, relative: 4e-3).run(
        BatchNorm2D(activation: activation), inputs: [input], parameters: Array(parameters(3)))
    }
  }

  @Test func meanFarFromZeroKeepsTheVariance() throws {
    let shape: Shape = [1, 97, 101, 6]
    let input = Tensor.random(shape, seed: 8, in: 9999...10001)
    let harness = OperatorHarness(BatchNorm2D(), inputs: [input], parameters: parameters(6))
    let saved = try harness.forward().saved
    for channel in 0..<6 {
      let values = stride(from: channel, to: input.count, by: 6).map { Double(input.elements[$0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(Double(saved[0].elements[channel]) - mean) <= mean * 1.2e-7)
      let inverse = 1 / (variance + 1e-5).squareRoot()
      #expect(abs(Double(saved[1].elements[channel]) / inverse - 1) < 2e-6)
    }
  }

  @Test func oneValueAndNone() throws {
    let one = OperatorHarness(
      BatchNorm2D(), inputs: [Tensor([5, -7], shape: [1, 1, 1, 2])], parameters: parameters(2))
    let found = try one.forward()
    #expect(found.outputs[0].elements == parameters(2)[1].elements)
    #expect(found.parameters[3].elements.allSatisfy { $0.isFinite })
    #expect(try one.backward([Tensor([1, 2], shape: [1, 1, 1, 2])]).inputs[0]?.elements == [0, 0])
    let none = OperatorHarness(
      BatchNorm2D(), inputs: [Tensor(zeros: [0, 4, 4, 2])], parameters: parameters(2))
    #expect(try none.forward().parameters == parameters(2))
  }

  @Test func missingGradientIsZero() throws {
    let harness = OperatorHarness(
      BatchNorm2D(), inputs: [Tensor.random([2, 3, 3, 4], seed: 1)], parameters: parameters(4))
    let gradients = try harness.backward([nil])
    #expect(gradients.inputs[0] == Tensor(zeros: [2, 3, 3, 4]))
    #expect(gradients.parameters == [Tensor(zeros: [4]), Tensor(zeros: [4]), nil, nil])
    let wanted = try harness.backward([Tensor.random([2, 3, 3, 4], seed: 2)], wanted: [false])
    #expect(wanted.inputs == [nil])
  }

  @Test func specsAndErrors() {
    let specs = BatchNorm2D().parameterSpecs(for: [[2, 3, 3, 4]])
    #expect(specs.map(\.name) == ["weight", "bias", "running_mean", "running_var"])
    #expect(specs.map(\.isTrained) == [true, true, false, false])
    #expect(specs.map(\.initializer) == [.constant(1), .constant(0), .constant(0), .constant(1)])
    #expect(specs.allSatisfy { $0.shape == [4] && !$0.decays })
    #expect(
      errorText { _ = try BatchNorm2D().outputShapes(for: []) } == "batch_norm2d: expected 1 inputs, found 0")
    #expect(
      errorText {
        _ = try BatchNorm2D(activation: .leakyReLU(slope: -1)).outputShapes(for: [[1, 1, 1, 1]])
      } == "batch_norm2d: expected slope in percent of 0 or more, found -100")
  }
}
