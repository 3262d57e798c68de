import Foundation
import Layers
import TensorCore
import Testing

@Suite struct LpPool2DTests {
  @Test func handMade() throws {
    let input = Tensor([3, 0, 4, 0, 0, 0, 0, 0, -12], shape: [1, 3, 3, 1])
    let two = OperatorHarness(LpPool2D(power: 2, kernel: Pair(1, 3)), inputs: [input])
    #expect(try two.forward().outputs[0].elements == [5, 0, 12])
    let gradient = try two.backward([Tensor([10, 7, 2], shape: [1, 3, 1, 1])]).inputs[0]
    // x / y of each gradient; nothing from the window of zeros.
    #expect(gradient?.elements == [6, 0, 8, 0, 0, 0, 0, 0, -2])
    let one = LpPool2D(power: 1, kernel: 3)
    #expect(try OperatorHarness(one, inputs: [input]).forward().outputs[0].elements == [-5])
    let odd = LpPool2D(power: 3, kernel: 3)
    #expect(try OperatorHarness(odd, inputs: [input]).forward().outputs[0].elements[0].isNaN)
  }

  @Test(arguments: 1...5) func sweep(power: Int) throws {
    var stream = RandomStream(seed: 61)
    for round in 0..<30 {
      guard let drawn = PoolingCase(&stream, dilates: false), drawn.padding == 0 else { continue }
      let op = LpPool2D(power: power, kernel: drawn.kernel, stride: drawn.stride)
      // Above 0, where every power has a root.
      let input = Tensor.random(drawn.input, seed: UInt64(round), in: 0.25...2)
      let gradient = Tensor.random(drawn.output, seed: UInt64(round + 500))
      let (image, flow) = (Naive(input), Naive(gradient))
      var (expected, back) = (Naive(drawn.output), Naive(drawn.input))
      let p = Double(power)
      flow.forEach { n, y, x, c in
        let places = drawn.places(y, x)
        let norm = pow(places.reduce(0) { $0 + pow(image[n, $1.y, $1.x, c], p) }, 1 / p)
        expected[n, y, x, c] = norm
        for place in places {
          back[n, place.y, place.x, c] += flow[n, y, x, c] * pow(image[n, place.y, place.x, c] / norm, p - 1)
        }
      }
      let harness = OperatorHarness(op, inputs: [input])
      expectClose(try harness.forward().outputs[0], expected, reduction: 16 * power, "\(drawn)")
      expectClose(try harness.backward([gradient]).inputs[0], back, reduction: 16 * power, "\(drawn)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 5, 7, 3], seed: 1, in: 0.5...2)
    try GradientCheck(reduction: 9).run(LpPool2D(power: 2, kernel: 3, stride: 2), inputs: [input])
    try GradientCheck(reduction: 4).run(LpPool2D(power: 3, kernel: 2), inputs: [input])
  }

  @Test func geometryAndErrors() {
    let op = LpPool2D(power: 2, kernel: 3, stride: 2)
    #expect(op.window(for: [[1, 9, 9, 6]]) == Window(extent: 3, stride: 2))
    #expect(op.backwardReads == [.inputs, .outputs])
    #expect(errorText { _ = try op.outputShapes(for: []) } == "lp_pool2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 2, 4, 1]]) }
        == "lp_pool2d: expected a padded input of at least 3x3, found 2x4; use a larger image")
    #expect(
      errorText { _ = try LpPool2D(power: 0, kernel: 2).outputShapes(for: [[1, 4, 4, 1]]) }
        == "lp_pool2d: expected power from 1 to 64, found 0")
  }
}
