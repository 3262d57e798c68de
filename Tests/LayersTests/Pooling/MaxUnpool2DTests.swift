import Layers
import TensorCore
import Testing

@Suite struct MaxUnpool2DTests {
  @Test func handMade() throws {
    let values = Tensor([5, 6, 7, 8], shape: [1, 2, 2, 1])
    let indices = Tensor.indices([1, 2, 8, 15], shape: [1, 2, 2, 1])
    let harness = OperatorHarness(MaxUnpool2D(kernel: 2), inputs: [values, indices])
    let output = try harness.forward().outputs[0]
    #expect(output == Tensor([0, 5, 6, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 8], shape: [1, 4, 4, 1]))
    let gradients = try harness.backward([Tensor.counting([1, 4, 4, 1])]).inputs
    #expect(gradients[0]?.elements == [2, 3, 9, 16])
    #expect(gradients[1]?.elements == [0, 0, 0, 0])
  }

  @Test func undoesPoolingOfOddSizes() throws {
    var stream = RandomStream(seed: 21)
    for round in 0..<40 {
      guard let drawn = PoolingCase(&stream, dilates: false) else { continue }
      let image = Tensor.distinct(drawn.input, seed: UInt64(round))
      let pool = MaxPool2D(kernel: drawn.kernel, stride: drawn.stride, padding: drawn.padding)
      let pooled = try OperatorHarness(pool, inputs: [image]).forward().outputs
      let op = MaxUnpool2D(kernel: drawn.kernel, stride: drawn.stride, padding: drawn.padding)
      let harness = OperatorHarness(op, inputs: pooled + [image])

      let (values, names) = (Naive(pooled[0]), pooled[1].indices)
      let gradient = Tensor.integers(drawn.input, seed: UInt64(round + 500))
      let flow = Naive(gradient)
      var (expected, back) = (Naive(drawn.input), Naive(drawn.output))
      var place = 0
      values.forEach { n, y, x, c in
        let (row, column) = (names[place] / drawn.input.width, names[place] % drawn.input.width)
        expected[n, row, column, c] = values[n, y, x, c]
        back[n, y, x, c] = flow[n, row, column, c]
        place += 1
      }
      expectClose(try harness.forward().outputs[0], expected, "\(drawn)")
      let gradients = try harness.backward([gradient], wanted: [true, false, true]).inputs
      expectClose(gradients[0], back, "\(drawn)")
      #expect(gradients[1] == nil)
      #expect(gradients[2] == Tensor(zeros: drawn.input))
    }
  }

  @Test func gradients() throws {
    let image = Tensor.distinct([2, 7, 6, 3], seed: 3)
    let pooled = try OperatorHarness(MaxPool2D(kernel: 2), inputs: [image]).forward().outputs
    try GradientCheck().run(
      MaxUnpool2D(kernel: 2), inputs: pooled + [image], wanted: [true, false, false])
  }

  @Test func strayIndicesWriteNothing() throws {
    let values = Tensor([5, 6], shape: [1, 1, 2, 1])
    let stray = Tensor.indices([-1, 1_000_000], shape: [1, 1, 2, 1])
    let harness = OperatorHarness(MaxUnpool2D(kernel: 2), inputs: [values, stray])
    #expect(try harness.forward().outputs[0] == Tensor(zeros: [1, 2, 4, 1]))
    #expect(try harness.backward([Tensor.counting([1, 2, 4, 1])]).inputs[0]?.elements == [0, 0])
  }

  @Test func shapesAndErrors() throws {
    let op = MaxUnpool2D(kernel: 3, stride: 2, padding: 1)
    #expect(try op.outputShapes(for: [[2, 4, 3, 5], [2, 4, 3, 5]]) == [[2, 7, 5, 5]])
    #expect(try op.outputShapes(for: [[2, 4, 3, 5], [2, 4, 3, 5], [2, 8, 6, 9]]) == [[2, 8, 6, 5]])
    #expect(op.window(for: [[2, 4, 3, 5], [2, 4, 3, 5]]) == Window(extent: 3, upsampling: 2, padding: 1))
    #expect((0..<3).map(op.sees) == [true, true, false])
    func text(_ op: MaxUnpool2D, _ inputs: [Shape]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    #expect(text(op, [[1, 2, 2, 1]]) == "max_unpool2d: expected 2 inputs, found 1")
    #expect(
      text(op, [[1, 2, 2, 1], [1, 2, 2, 2]])
        == "max_unpool2d: expected an input of [1, 2, 2, 1], found [1, 2, 2, 2]")
    #expect(
      text(MaxUnpool2D(kernel: 2, padding: 1), [[1, 1, 2, 1], [1, 1, 2, 1]])
        == "max_unpool2d: expected a padded input of at least 1x1, found 0x2; use a larger image")
    #expect(
      text(MaxUnpool2D(kernel: 2, stride: -1), [[1, 2, 2, 1], [1, 2, 2, 1]])
        == "max_unpool2d: expected stride from 1 to 65536, found -1")
  }
}
