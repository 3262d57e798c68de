import Layers
import TensorCore
import Testing

@Suite struct AdaptiveAveragePool2DTests {
  @Test func handMade() throws {
    let input = Tensor([2, 4, 6], shape: [1, 1, 3, 1])
    let two = OperatorHarness(AdaptiveAveragePool2D(output: Pair(1, 2)), inputs: [input])
    #expect(try two.forward().outputs[0].elements == [3, 5])
    let gradient = try two.backward([Tensor([2, 4], shape: [1, 1, 2, 1])]).inputs[0]
    #expect(gradient?.elements == [1, 3, 2])
    let five = OperatorHarness(AdaptiveAveragePool2D(output: Pair(2, 5)), inputs: [input])
    #expect(try five.forward().outputs[0].elements == [2, 3, 4, 5, 6, 2, 3, 4, 5, 6])
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 51)
    for round in 0..<40 {
      let shape: Shape = [
        1 + stream.below(2), 1 + stream.below(11), 1 + stream.below(11), 1 + stream.below(5),
      ]
      let output = Pair(1 + stream.below(8), 1 + stream.below(8))
      let input = Tensor.random(shape, seed: UInt64(round))
      let gradient = Tensor.random(
        shape.with(height: output.height, width: output.width), seed: UInt64(round + 500))
      let (image, flow) = (Naive(input), Naive(gradient))
      var (expected, back) = (Naive(gradient.shape), Naive(shape))
      func window(_ index: Int, _ inputs: Int, _ outputs: Int) -> ClosedRange<Int> {
        let first = (Double(index) * Double(inputs) / Double(outputs)).rounded(.down)
        let last = (Double(index + 1) * Double(inputs) / Double(outputs)).rounded(.up)
        return Int(first)...Int(last) - 1
      }
      flow.forEach { n, y, x, c in
        let rows = window(y, shape.height, output.height)
        let columns = window(x, shape.width, output.width)
        let count = Double(rows.count * columns.count)
        for row in rows {
          for column in columns {
            expected[n, y, x, c] += image[n, row, column, c] / count
            back[n, row, column, c] += flow[n, y, x, c] / count
          }
        }
      }
      let harness = OperatorHarness(AdaptiveAveragePool2D(output: output), inputs: [input])
      expectClose(try harness.forward().outputs[0], expected, reduction: 121, "\(shape) to \(output)")
      expectClose(try harness.backward([gradient]).inputs[0], back, reduction: 121, "\(shape) to \(output)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 5, 7, 3], seed: 1)
    try GradientCheck(reduction: 9).run(AdaptiveAveragePool2D(output: Pair(2, 3)), inputs: [input])
    try GradientCheck(reduction: 4).run(AdaptiveAveragePool2D(output: 6), inputs: [input])
  }

  @Test func identityAndErrors() {
    let op = AdaptiveAveragePool2D(output: 6)
    #expect(op.isIdentity(for: [[4, 6, 6, 8]], mode: .training))
    #expect(!op.isIdentity(for: [[4, 6, 7, 8]], mode: .training))
    #expect(op.window(for: [[4, 6, 12, 8]]) == Window(extent: Pair(1, 2), stride: Pair(1, 2)))
    // Two outputs share three rows, and three outputs share two columns.
    #expect(
      op.window(for: [[4, 9, 4, 8]])
        == Window(extent: Pair(4, 4), stride: Pair(3, 2), upsampling: Pair(2, 3), padding: Pair(1, 2)))
    #expect(
      errorText { _ = try op.outputShapes(for: []) } == "adaptive_average_pool2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 3, 0, 1]]) }
        == "adaptive_average_pool2d: expected a padded input of at least 1x1, found 3x0; use a larger image")
    #expect(
      errorText { _ = try AdaptiveAveragePool2D(output: 0).outputShapes(for: [[1, 3, 3, 1]]) }
        == "adaptive_average_pool2d: expected output from 1 to 65536, found 0")
  }
}
