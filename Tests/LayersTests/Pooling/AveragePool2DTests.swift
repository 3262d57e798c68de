import Layers
import TensorCore
import Testing

@Suite struct AveragePool2DTests {
  @Test func handMade() throws {
    let input = Tensor([4, 8, 12, 16, 20, 24, 28, 32, 36], shape: [1, 3, 3, 1])
    let plain = OperatorHarness(AveragePool2D(kernel: 2), inputs: [input])
    #expect(try plain.forward().outputs[0].elements == [12])
    let gradient = try plain.backward([Tensor([8], shape: [1, 1, 1, 1])]).inputs[0]
    #expect(gradient?.elements == [2, 2, 0, 2, 2, 0, 0, 0, 0])

    let padded = AveragePool2D(kernel: 2, padding: 1)
    #expect(try OperatorHarness(padded, inputs: [input]).forward().outputs[0].elements == [1, 5, 11, 28])
    let inside = AveragePool2D(kernel: 2, padding: 1, countIncludePad: false)
    #expect(try OperatorHarness(inside, inputs: [input]).forward().outputs[0].elements == [4, 10, 22, 28])
  }

  @Test(arguments: [true, false]) func sweep(countIncludePad: Bool) throws {
    var stream = RandomStream(seed: 31)
    for round in 0..<40 {
      guard let drawn = PoolingCase(&stream, dilates: false) else { continue }
      let op = AveragePool2D(
        kernel: drawn.kernel, stride: drawn.stride, padding: drawn.padding, countIncludePad: countIncludePad)
      let input = Tensor.random(drawn.input, seed: UInt64(round))
      let gradient = Tensor.random(drawn.output, seed: UInt64(round + 500))
      let (image, flow) = (Naive(input), Naive(gradient))
      var (expected, back) = (Naive(drawn.output), Naive(drawn.input))
      flow.forEach { n, y, x, c in
        let places = drawn.places(y, x)
        let count = Double(countIncludePad ? drawn.kernel.height * drawn.kernel.width : places.count)
        for place in places {
          expected[n, y, x, c] += image[n, place.y, place.x, c] / count
          back[n, place.y, place.x, c] += flow[n, y, x, c] / count
        }
      }
      let harness = OperatorHarness(op, inputs: [input])
      expectClose(try harness.forward().outputs[0], expected, reduction: 16, "\(drawn)")
      expectClose(try harness.backward([gradient]).inputs[0], back, reduction: 16, "\(drawn)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 5, 7, 3], seed: 1)
    let op = AveragePool2D(kernel: 3, stride: 2, padding: 1, countIncludePad: false)
    try GradientCheck(reduction: 9).run(op, inputs: [input])
    try GradientCheck(reduction: 4).run(AveragePool2D(kernel: 2), inputs: [input])
  }

  @Test func geometryAndErrors() {
    let op = AveragePool2D(kernel: 3, stride: 2, padding: 1)
    #expect(op.window(for: [[1, 9, 9, 6]]) == Window(extent: 3, stride: 2, padding: 1))
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 4, 4, 1], [1, 4, 4, 1]]) }
        == "average_pool2d: expected 1 inputs, found 2")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 0, 4, 1]]) }
        == "average_pool2d: expected a padded input of at least 3x3, found 2x6; use a larger image")
  }
}
