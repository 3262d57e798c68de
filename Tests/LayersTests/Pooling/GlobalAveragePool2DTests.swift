import Layers
import TensorCore
import Testing

@Suite struct GlobalAveragePool2DTests {
  @Test func handMade() throws {
    let harness = OperatorHarness(GlobalAveragePool2D(), inputs: [Tensor.counting([2, 2, 2, 2])])
    #expect(try harness.forward().outputs[0] == Tensor([4, 5, 12, 13], shape: [2, 1, 1, 2]))
    let gradient = Tensor([4, 8, 12, 16], shape: [2, 1, 1, 2])
    #expect(
      try harness.backward([gradient]).inputs[0]?.elements
        == [1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4])
  }

  @Test(arguments: [[1, 1, 1, 5], [2, 7, 7, 9], [1, 32, 16, 3], [3, 33, 47, 4]] as [Shape])
  func sweep(shape: Shape) throws {
    let input = Tensor.random(shape, seed: 3)
    let image = Naive(input)
    var expected = Naive([shape.batch, 1, 1, shape.channels])
    image.forEach { n, y, x, c in
      expected[n, 0, 0, c] += image[n, y, x, c] / Double(shape.height * shape.width)
    }
    let harness = OperatorHarness(GlobalAveragePool2D(), inputs: [input])
    expectClose(try harness.forward().outputs[0], expected)
    let gradient = Tensor.random(expected.shape, seed: 4)
    let flow = Naive(gradient)
    let back = Naive.make(shape) { n, _, _, c in flow[n, 0, 0, c] / Double(shape.height * shape.width) }
    expectClose(try harness.backward([gradient]).inputs[0], back)
  }

  @Test func gradients() throws {
    try GradientCheck(reduction: 15).run(
      GlobalAveragePool2D(), inputs: [Tensor.random([2, 3, 5, 4], seed: 1)])
  }

  @Test func identityAndErrors() {
    let op = GlobalAveragePool2D()
    #expect(op.isIdentity(for: [[4, 1, 1, 8]], mode: .training))
    #expect(!op.isIdentity(for: [[4, 1, 2, 8]], mode: .training))
    #expect(op.window(for: [[4, 3, 2, 8]]) == Window(extent: Pair(3, 2), stride: Pair(3, 2)))
    #expect(
      errorText { _ = try op.outputShapes(for: []) } == "global_average_pool2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 3, 0, 1]]) }
        == "global_average_pool2d: expected a padded input of at least 1x1, found 3x0; use a larger image")
  }
}
