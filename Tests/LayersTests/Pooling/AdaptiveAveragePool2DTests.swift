import Layers
import TensorCore
import Testing

@Suite struct AdaptiveAveragePool2DTests {
  @Test func handMade() throws {
    // Rows 0...1 and 1...2, columns 0...1 and 2...3.
    let input = Tensor([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23], shape: [1, 3, 4, 1])
    let harness = OperatorHarness(AdaptiveAveragePool2D(to: 2), inputs: [input])
    #expect(try harness.forward().outputs[0] == Tensor([6, 10, 14, 18], shape: [1, 2, 2, 1]))
    #expect(
      try harness.backward([Tensor([4, 8, 12, 16], shape: [1, 2, 2, 1])]).inputs[0]?.elements
        == [1, 1, 2, 2, 4, 4, 6, 6, 3, 3, 4, 4])
  }

  static let cases: [(shape: Shape, size: Pair)] = [
    ([1, 7, 7, 3], 7), ([2, 1, 1, 3], 7), ([1, 3, 5, 2], 7), ([2, 16, 9, 3], Pair(4, 5)), ([1, 13, 8, 5], 1),
    ([1, 15, 33, 2], Pair(7, 16)),
  ]

  @Test(arguments: cases)
  func sweep(shape: Shape, size: Pair) throws {
    let input = Tensor.random(shape, seed: 5)
    let image = Naive(input)
    /// The first and, exclusive, the last place of window `index`, as PyTorch's documentation has it.
    func window(_ index: Int, _ length: Int, _ count: Int) -> Range<Int> {
      let (start, end) = (
        (Double(index * length) / Double(count)).rounded(.down),
        (Double((index + 1) * length) / Double(count)).rounded(.up)
      )
      return Int(start)..<Int(end)
    }
    var expected = Naive([shape.batch, size.height, size.width, shape.channels])
    let gradient = Tensor.random(expected.shape, seed: 6)
    let flow = Naive(gradient)
    var back = Naive(shape)
    Naive(expected.shape).forEach { n, y, x, c in
      let (rows, columns) = (
        window(y, shape.height, size.height), window(x, shape.width, size.width)
      )
      let count = Double(rows.count * columns.count)
      for row in rows {
        for column in columns {
          expected[n, y, x, c] += image[n, row, column, c] / count
          back[n, row, column, c] += flow[n, y, x, c] / count
        }
      }
    }
    let harness = OperatorHarness(AdaptiveAveragePool2D(to: size), inputs: [input])
    expectClose(try harness.forward().outputs[0], expected)
    expectClose(try harness.backward([gradient]).inputs[0], back)
  }

  @Test func gradients() throws {
    try GradientCheck(reduction: 9).run(
      AdaptiveAveragePool2D(to: Pair(3, 2)), inputs: [Tensor.random([2, 5, 4, 3], seed: 1)])
  }

  @Test func identityAndErrors() {
    let op = AdaptiveAveragePool2D(to: Pair(7, 6))
    #expect(op.isIdentity(for: [[4, 7, 6, 8]], mode: .training))
    #expect(!op.isIdentity(for: [[4, 7, 7, 8]], mode: .training))
    #expect(
      errorText { _ = try op.outputShapes(for: []) }
        == "adaptive_average_pool2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 3, 0, 1]]) }
        == "adaptive_average_pool2d: expected a padded input of at least 1x1, found 3x0; use a larger image")
    #expect(
      errorText { _ = try AdaptiveAveragePool2D(to: Pair(2, 65537)).outputShapes(for: [[1, 3, 3, 1]]) }
        == "adaptive_average_pool2d: expected size from 1 to 65536, found 65537")
  }
}
