import Foundation
import Layers
import TensorCore
import Testing

@Suite struct SoftmaxTests {
  @Test func equalLogitsShareExactly() throws {
    let input = Tensor([3, 3, 3, 3, -1e30, 50, -1e30, 50], shape: [1, 1, 2, 4])
    let found = try OperatorHarness(Softmax(), inputs: [input]).forward().outputs[0]
    #expect(found.elements == [0.25, 0.25, 0.25, 0.25, 0, 0.5, 0, 0.5])
  }

  @Test(arguments: [[1, 1, 1, 1], [2, 5, 7, 3], [1, 3, 5, 1000], [2, 37, 41, 21], [0, 2, 2, 2]])
  func matchesReference(extents: [Int]) throws {
    let input = Tensor.random(Shape(extents), seed: 1, in: -20...20)
    let source = Naive(input)
    let found = try OperatorHarness(Softmax(), inputs: [input]).forward().outputs[0]
    var expected = Naive(input.shape)
    for n in 0..<input.shape.batch {
      for y in 0..<input.shape.height {
        for x in 0..<input.shape.width {
          let terms = (0..<input.shape.channels).map { exp(source[n, y, x, $0]) }
          let sum = terms.reduce(0, +)
          for c in terms.indices { expected[n, y, x, c] = terms[c] / sum }
        }
      }
    }
    expectClose(found, expected)
  }

  @Test func gradients() throws {
    try GradientCheck().run(Softmax(), inputs: [Tensor.random([2, 3, 7, 5], seed: 2)])
    let input = Tensor.random([1, 2, 2, 3], seed: 2)
    #expect(
      try OperatorHarness(Softmax(), inputs: [input]).backward([nil]).inputs[0]
        == Tensor(zeros: [1, 2, 2, 3]))
  }

  @Test func errors() {
    #expect(errorText { _ = try Softmax().outputShapes(for: []) } == "softmax: expected 1 inputs, found 0")
  }
}
