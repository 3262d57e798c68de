import Layers
import TensorCore
import Testing

@Suite struct ReflectionPad2DTests {
  @Test func handMade() throws {
    let harness = OperatorHarness(
      ReflectionPad2D(multiple: .init(2, 4)), inputs: [Tensor.counting([1, 3, 3, 1])])
    #expect(
      try harness.forward().outputs[0]
        == Tensor([1, 2, 3, 2, 4, 5, 6, 5, 7, 8, 9, 8, 4, 5, 6, 5], shape: [1, 4, 4, 1]))
    let gradient = try harness.backward([Tensor(repeating: 1, shape: [1, 4, 4, 1])]).inputs[0]
    #expect(gradient?.elements == [1, 2, 1, 2, 4, 2, 1, 2, 1])
  }

  @Test func growsToALeastSize() throws {
    let row = Tensor([1, 2, 3], shape: [1, 1, 3, 1])
    let padding = ReflectionPad2D(least: .init(1, 5))
    #expect(try OperatorHarness(padding, inputs: [row]).forward().outputs[0].elements == [1, 2, 3, 2, 1])
    #expect(padding.isIdentity(for: [[1, 1, 6, 1]], mode: .training))
    #expect(!padding.isIdentity(for: [row.shape], mode: .inference))
    let both = ReflectionPad2D(multiple: 4, least: 6)
    #expect(try both.outputShapes(for: [[1, 9, 2, 3]]) == [[1, 12, 8, 3]])
    #expect(
      errorText { _ = try ReflectionPad2D(least: 0).outputShapes(for: [[1, 9, 2, 3]]) }
        == "reflection_pad2d: expected least size from 1 to 65536, found 0")
  }

  @Test func foldsAgainAndAgain() throws {
    let row = Tensor([1, 2, 3], shape: [1, 1, 3, 1])
    let output = try OperatorHarness(ReflectionPad2D(multiple: .init(1, 11)), inputs: [row]).forward()
      .outputs[0]
    #expect(output.elements == [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3])
    let point = Tensor([4, 5], shape: [1, 1, 1, 2])
    let harness = OperatorHarness(ReflectionPad2D(multiple: 3), inputs: [point])
    #expect(try harness.forward().outputs[0].elements == (0..<9).flatMap { _ in [4, 5] as [Float] })
    #expect(try harness.backward([Tensor.counting([1, 3, 3, 2])]).inputs[0]?.elements == [81, 90])
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 61)
    for round in 0..<30 {
      let multiple = Pair(1 + stream.below(12), 1 + stream.below(12))
      let output: Shape = [
        1 + stream.below(2), multiple.height * (1 + stream.below(3)), multiple.width * (1 + stream.below(3)),
        1 + stream.below(5),
      ]
      let input = Tensor.random(
        output.with(
          height: output.height - stream.below(multiple.height),
          width: output.width - stream.below(multiple.width)), seed: UInt64(round))
      let gradient = Tensor.random(output, seed: UInt64(round + 100))
      let (image, flow) = (Naive(input), Naive(gradient))
      var (expected, back) = (Naive(output), Naive(input.shape))
      expected.forEach { n, y, x, c in
        let (row, column) = (walk(y, input.shape.height), walk(x, input.shape.width))
        expected[n, y, x, c] = image[n, row, column, c]
        back[n, row, column, c] += flow[n, y, x, c]
      }
      let harness = OperatorHarness(ReflectionPad2D(multiple: multiple), inputs: [input])
      expectClose(try harness.forward().outputs[0], expected)
      expectClose(try harness.backward([gradient]).inputs[0], back, reduction: 64)
    }
  }

  /// Steps along an axis and turns at its ends.
  private func walk(_ steps: Int, _ extent: Int) -> Int {
    var (place, direction) = (0, 1)
    for _ in 0..<steps where extent > 1 {
      if !(0..<extent).contains(place + direction) { direction = -direction }
      place += direction
    }
    return place
  }

  @Test func gradients() throws {
    try GradientCheck().run(ReflectionPad2D(multiple: 4), inputs: [Tensor.random([2, 5, 2, 3], seed: 1)])
  }

  @Test func identityAndErrors() {
    let op = ReflectionPad2D(multiple: 32)
    #expect(op.isIdentity(for: [[1, 64, 96, 3]], mode: .inference))
    #expect(!op.isIdentity(for: [[1, 64, 97, 3]], mode: .inference))
    #expect(
      errorText { _ = try op.outputShapes(for: []) } == "reflection_pad2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 0, 5, 3]]) }
        == "reflection_pad2d: expected a padded input of at least 1x1, found 0x5; use a larger image")
    #expect(
      errorText { _ = try ReflectionPad2D(multiple: 0).outputShapes(for: [[1, 5, 5, 3]]) }
        == "reflection_pad2d: expected multiple from 1 to 65536, found 0")
  }
}
