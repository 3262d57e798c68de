import Layers
import TensorCore
import Testing

@Suite struct ConcatenationTests {
  @Test func handMade() throws {
    let (a, b) = (Tensor([1, 2], shape: [1, 1, 2, 1]), Tensor([3, 4, 5, 6], shape: [1, 1, 2, 2]))
    let harness = OperatorHarness(Concatenation(), inputs: [a, b])
    #expect(try harness.forward().outputs[0] == Tensor([1, 3, 4, 2, 5, 6], shape: [1, 1, 2, 3]))
    let gradients = try harness.backward([Tensor.counting([1, 1, 2, 3])]).inputs
    #expect(gradients[0]?.elements == [1, 4])
    #expect(gradients[1]?.elements == [2, 3, 5, 6])
    let partly = try harness.backward([Tensor.counting([1, 1, 2, 3])], wanted: [false, true]).inputs
    #expect(partly[0] == nil)
    #expect(partly[1] == gradients[1])
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 41)
    for round in 0..<20 {
      let size: Shape = [1 + stream.below(2), 1 + stream.below(40), 1 + stream.below(9), 1]
      let inputs = (0...stream.below(4)).map { index in
        Tensor.random(size.with(channels: 1 + stream.below(20)), seed: UInt64(round * 10 + index))
      }
      var expected = Naive(size.with(channels: inputs.map(\.shape.channels).reduce(0, +)))
      var offset = 0
      for input in inputs {
        let part = Naive(input)
        part.forEach { n, y, x, c in expected[n, y, x, offset + c] = part[n, y, x, c] }
        offset += input.shape.channels
      }
      let harness = OperatorHarness(Concatenation(), inputs: inputs)
      let output = try harness.forward().outputs[0]
      expectClose(output, expected)
      #expect(try harness.backward([output]).inputs == inputs)
    }
  }

  @Test func nothingMovesInPlace() {
    // A plan may lay inputs and gradients into the wide activation itself.
    let wide = ActivationMemory(Tensor.random([1, 3, 3, 5], seed: 1), gaps: false)
    let slices = [wide.view.channels(0..<2), wide.view.channels(2..<5)]
    let before = wide.view.tensor()
    let workspace = GuardedBlock(count: 0)
    let pool = ThreadPool(threads: 1)
    Concatenation().forward(
      ForwardPass(
        inputs: slices, outputs: [wide.view], workspace: workspace.pointer, mode: .training, pool: pool))
    Concatenation().backward(
      BackwardPass(
        inputs: slices, outputs: [wide.view], outputGradients: [wide.view], inputGradients: slices,
        workspace: workspace.pointer, pool: pool))
    #expect(wide.view.tensor() == before)
  }

  @Test func gradients() throws {
    try GradientCheck().run(
      Concatenation(), inputs: [Tensor.random([2, 3, 2, 3], seed: 1), Tensor.random([2, 3, 2, 4], seed: 2)])
  }

  @Test func identityAndErrors() {
    let op = Concatenation()
    #expect(op.isIdentity(for: [[1, 2, 2, 3]], mode: .inference))
    #expect(!op.isIdentity(for: [[1, 2, 2, 3], [1, 2, 2, 3]], mode: .inference))
    #expect(errorText { _ = try op.outputShapes(for: []) } == "concat: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 4, 4, 3], [1, 4, 4, 9], [1, 4, 5, 7]]) }
        == "concat: expected an input of [1, 4, 4, 7], found [1, 4, 5, 7]")
  }
}
