import Layers
import TensorCore
import Testing

@Suite struct AdditionTests {
  @Test func handMade() throws {
    let a = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let b = Tensor([10, 20, 30, 40], shape: [1, 1, 2, 2])
    let c = Tensor([5, 5, 5, 5], shape: [1, 1, 2, 2])
    let harness = OperatorHarness(Addition(), inputs: [a, b, c])
    #expect(try harness.forward().outputs[0].elements == [16, 27, 38, 49])
    #expect(try harness.backward([a]).inputs == [a, a, a])
    #expect(try harness.backward([a], wanted: [false, true, false]).inputs == [nil, a, nil])
  }

  @Test func fusedActivation() throws {
    let a = Tensor([1, -2, 3, -4], shape: [1, 1, 2, 2])
    let b = Tensor([-10, 20, 30, -40], shape: [1, 1, 2, 2])
    let harness = OperatorHarness(Addition(activation: .relu), inputs: [a, b])
    #expect(try harness.forward().outputs[0].elements == [0, 18, 33, 0])
    let gradient = Tensor([5, 6, 7, 8], shape: [1, 1, 2, 2])
    let expected = Tensor([0, 6, 7, 0], shape: [1, 1, 2, 2])
    #expect(try harness.backward([gradient]).inputs == [expected, expected])
  }

  @Test(arguments: 2...5) func sweep(count: Int) throws {
    let shape: Shape = [2, 31, 17, 5 * count + 1]
    let inputs = (0..<count).map { Tensor.random(shape, seed: UInt64($0)) }
    let parts = inputs.map { Naive($0) }
    let expected = Naive.make(shape) { n, y, x, c in parts.reduce(0) { $0 + $1[n, y, x, c] } }
    expectClose(
      try OperatorHarness(Addition(), inputs: inputs).forward().outputs[0], expected, reduction: count)
  }

  @Test func gradients() throws {
    try GradientCheck(reduction: 3).run(
      Addition(), inputs: (0..<3).map { Tensor.random([2, 3, 1, 5], seed: UInt64($0)) })
  }

  @Test func errors() {
    #expect(
      errorText { _ = try Addition().outputShapes(for: [[1, 2, 3, 4]]) } == "add: expected 2 inputs, found 1")
    #expect(
      errorText { _ = try Addition().outputShapes(for: [[1, 2, 3, 4], [1, 2, 3, 5]]) }
        == "add: expected an input of [1, 2, 3, 4], found [1, 2, 3, 5]")
  }
}
