import Layers
import TensorCore
import Testing

@Suite struct MaxPool2DTests {
  @Test func handMade() throws {
    // A plane of 3 rows and 4 columns whose last row takes no part, and its negative.
    let plane: [Float] = [1, 5, 2, 2, 4, 3, 2, 2, 9, 9, 9, 9]
    let input = Tensor(plane.flatMap { [$0, -$0] }, shape: [1, 3, 4, 2])
    let harness = OperatorHarness(MaxPool2D(kernel: 2), inputs: [input])
    let outputs = try harness.forward().outputs
    #expect(outputs[0] == Tensor([5, -1, 2, -2], shape: [1, 1, 2, 2]))
    #expect(outputs[1].indices == [1, 0, 2, 2])

    let gradient = try harness.backward([Tensor([10, 20, 30, 40], shape: [1, 1, 2, 2]), nil]).inputs[0]
    var expected = Tensor(zeros: [1, 3, 4, 2])
    expected.withUnsafeMutableElements { e in
      (e[2], e[1], e[4], e[5]) = (10, 20, 30, 40)
    }
    #expect(gradient == expected)
  }

  @Test func firstOfEqualsAndNaNAndPadding() throws {
    // Padding would win over negative numbers if it were 0.
    let negative = Tensor(repeating: -3, shape: [1, 2, 2, 1])
    let padded = MaxPool2D(kernel: 3, stride: 2, padding: 1)
    let outputs = try OperatorHarness(padded, inputs: [negative]).forward().outputs
    #expect(outputs[0].elements == [-3])
    #expect(outputs[1].indices == [0])

    // PyTorch: a NaN takes over from whatever came before it, even from a NaN.
    let odd = Tensor([1, .nan, 7, .nan, 2, 3, 4, 5, 6], shape: [1, 3, 3, 1])
    let wide = try OperatorHarness(MaxPool2D(kernel: 3), inputs: [odd]).forward().outputs
    #expect(wide[0].elements[0].isNaN)
    #expect(wide[1].indices == [3])

    let lowest = Tensor(repeating: -.infinity, shape: [1, 2, 2, 1])
    let low = try OperatorHarness(MaxPool2D(kernel: 2), inputs: [lowest]).forward().outputs
    #expect(low[0].elements == [-.infinity])
    #expect(low[1].indices == [0])
  }

  @Test func ceilModeAsPyTorch() throws {
    let op = MaxPool2D(kernel: 3, stride: 2, ceilMode: true)
    #expect(try op.outputShapes(for: [[1, 112, 113, 64]])[0] == [1, 56, 56, 64])
    #expect(try op.outputShapes(for: [[1, 6, 7, 1]])[1] == [1, 3, 3, 1])
    let input = Tensor.counting([1, 4, 4, 1])
    let outputs = try OperatorHarness(op, inputs: [input]).forward().outputs
    #expect(outputs[0].elements == [11, 12, 15, 16])
    #expect(outputs[1].indices == [10, 11, 14, 15])
    // A last window that starts behind the image is left out, as PyTorch does.
    let narrow = MaxPool2D(kernel: 2, stride: 2, padding: 1, ceilMode: true)
    #expect(try narrow.outputShapes(for: [[1, 3, 4, 1]])[0] == [1, 2, 3, 1])
    // The first window may reach beyond the image as well, by less than a stride.
    let outer = OperatorHarness(op, inputs: [.counting([1, 2, 4, 1])])
    #expect(try outer.forward().outputs[0].elements == [7, 8])
    #expect(try outer.forward().outputs[1].indices == [6, 7])
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 1, 4, 1]]) }
        == "max_pool2d: expected a padded input of at least 2x2, found 1x4; use a larger image")
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 11)
    for round in 0..<60 {
      guard let drawn = PoolingCase(&stream, dilates: round % 2 == 0) else { continue }
      let op = MaxPool2D(
        kernel: drawn.kernel, stride: drawn.stride, padding: drawn.padding, dilation: drawn.dilation)
      let input = Tensor.integers(drawn.input, seed: UInt64(round))
      let image = Naive(input)
      let gradient = Tensor.integers(drawn.output, seed: UInt64(round + 1000))
      var values = Naive(drawn.output)
      var indices: [Int] = []
      var back = Naive(drawn.input)
      let flow = Naive(gradient)
      var seesNothing = false
      values.forEach { n, y, x, c in
        var (best, place) = (-Double.infinity, (y: 0, x: 0))
        for other in drawn.places(y, x) where image[n, other.y, other.x, c] > best {
          (best, place) = (image[n, other.y, other.x, c], other)
        }
        values[n, y, x, c] = best
        indices.append(place.y * drawn.input.width + place.x)
        if best == -.infinity {
          seesNothing = true
        } else {
          back[n, place.y, place.x, c] += flow[n, y, x, c]
        }
      }
      let harness = OperatorHarness(op, inputs: [input])
      let outputs = try harness.forward().outputs
      expectClose(outputs[0], values, "\(drawn)")
      #expect(outputs[1].indices == indices, "\(drawn), sees nothing: \(seesNothing)")
      expectClose(try harness.backward([gradient, nil]).inputs[0], back, "\(drawn)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.distinct([2, 7, 5, 3], seed: 1)
    try GradientCheck().run(MaxPool2D(kernel: 2), inputs: [input])
    try GradientCheck().run(MaxPool2D(kernel: 3, stride: 2, padding: 1), inputs: [input])
    try GradientCheck().run(MaxPool2D(kernel: 3, stride: 1, padding: 2, dilation: 2), inputs: [input])
    try GradientCheck().run(MaxPool2D(kernel: Pair(2, 3), stride: 2, ceilMode: true), inputs: [input])
  }

  @Test func manyChannelsAndRows() throws {
    // Enough for several chunks, so that threads take part.
    let input = Tensor.random([2, 65, 67, 33], seed: 4)
    let harness = OperatorHarness(MaxPool2D(kernel: 3, stride: 2, padding: 1), inputs: [input])
    let outputs = try harness.forward().outputs
    let gradient = Tensor.integers(outputs[0].shape, seed: 5)
    let back = try #require(try harness.backward([gradient, nil]).inputs[0])
    #expect(back.elements.reduce(0, +) == gradient.elements.reduce(0, +))
  }

  @Test func errors() throws {
    func text(_ op: MaxPool2D, _ inputs: [Shape]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    let op = MaxPool2D(kernel: 3, stride: 2)
    #expect(text(op, []) == "max_pool2d: expected 1 inputs, found 0")
    #expect(
      text(op, [[1, 2, 9, 1]])
        == "max_pool2d: expected a padded input of at least 3x3, found 2x9; use a larger image")
    #expect(
      text(MaxPool2D(kernel: 0), [[1, 2, 2, 1]]) == "max_pool2d: expected kernel from 1 to 65536, found 0")
    #expect(
      text(MaxPool2D(kernel: 2, stride: .init(1, 0)), [[1, 2, 2, 1]])
        == "max_pool2d: expected stride from 1 to 65536, found 0")
    #expect(
      text(MaxPool2D(kernel: 2, dilation: .init(.max)), [[1, 2, 2, 1]])
        == "max_pool2d: expected dilation from 1 to 65536, found \(Int.max)")
    #expect(
      text(MaxPool2D(kernel: 3, padding: 2), [[1, 9, 9, 1]])
        == "max_pool2d: expected padding from 0 to half of the kernel, found 2")
    #expect(
      text(MaxPool2D(kernel: 1), [[1, 65536, 65536, 1]])
        == "max_pool2d: expected pixels at most 2147483647, found 4294967296")
  }

  @Test func geometry() {
    let op = MaxPool2D(kernel: 3, stride: 2, padding: 1, dilation: 2)
    #expect(op.window(for: [[1, 9, 9, 6]]) == Window(extent: 5, stride: 2, padding: 1))
    #expect(op.label == "max_pool2d")
    #expect(MaxPool2D(kernel: 2).stride == 2)
    #expect(op.backwardReads == .outputs)
  }
}
