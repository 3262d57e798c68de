import Layers
import TensorCore
import Testing

@Suite struct StochasticPool2DTests {
  @Test func handMade() throws {
    let input = Tensor([0, 3, -5, 0, 0, 0, -1, -2, 4], shape: [1, 3, 3, 1])
    // One pixel above 0 in each window is drawn for sure; none gives 0.
    let rows = OperatorHarness(StochasticPool2D(kernel: Pair(1, 3)), inputs: [input])
    #expect(try rows.forward().outputs[0].elements == [3, 0, 4])
    let gradient = try rows.backward([Tensor([6, 7, 8], shape: [1, 3, 1, 1])]).inputs[0]
    #expect(gradient?.elements == [0, 6, 0, 0, 0, 0, 0, 0, 8])
    let whole = OperatorHarness(StochasticPool2D(kernel: 3), inputs: [input], mode: .inference)
    // (9 + 16) / (3 + 4)
    #expect(try whole.forward().outputs[0].elements == [25 / 7])
  }

  @Test func inferenceWeighs() throws {
    var stream = RandomStream(seed: 71)
    for round in 0..<30 {
      guard let drawn = PoolingCase(&stream, dilates: false), drawn.padding == 0 else { continue }
      let op = StochasticPool2D(kernel: drawn.kernel, stride: drawn.stride)
      let input = Tensor.random(drawn.input, seed: UInt64(round))
      let image = Naive(input)
      let expected = Naive.make(drawn.output) { n, y, x, c in
        let values = drawn.places(y, x).map { max(0, image[n, $0.y, $0.x, c]) }
        let sum = values.reduce(0, +)
        return sum == 0 ? 0 : values.reduce(0) { $0 + $1 * $1 } / sum
      }
      let harness = OperatorHarness(op, inputs: [input], mode: .inference)
      expectClose(try harness.forward().outputs[0], expected, reduction: 16, "\(drawn)")
    }
  }

  @Test func trainingDrawsFromTheWindow() throws {
    var stream = RandomStream(seed: 72)
    for round in 0..<30 {
      guard let drawn = PoolingCase(&stream, dilates: false), drawn.padding == 0 else { continue }
      let op = StochasticPool2D(kernel: drawn.kernel, stride: drawn.stride)
      let input = Tensor.distinct(drawn.input, seed: UInt64(round))
      let gradient = Tensor.integers(drawn.output, seed: UInt64(round + 500))
      let (image, flow) = (Naive(input), Naive(gradient))
      let harness = OperatorHarness(op, inputs: [input], seed: UInt64(round))
      let output = Naive(try harness.forward().outputs[0])
      // Values are distinct, so that each output tells where it came from.
      var back = Naive(drawn.input)
      output.forEach { n, y, x, c in
        let places = drawn.places(y, x)
        let source = places.first { image[n, $0.y, $0.x, c] == output[n, y, x, c] }
        let hasAny = places.contains { image[n, $0.y, $0.x, c] > 0 }
        #expect(hasAny ? output[n, y, x, c] > 0 && source != nil : output[n, y, x, c] == 0)
        if hasAny, let source { back[n, source.y, source.x, c] += flow[n, y, x, c] }
      }
      expectClose(try harness.backward([gradient]).inputs[0], back, "\(drawn)")
    }
  }

  @Test func drawsInProportion() throws {
    // 30 · 30 · 24 windows of 1, 2, 3 and 10.
    let shape: Shape = [1, 60, 60, 24]
    let values: [Float] = [1, 2, 3, 10]
    let elements = (0..<shape.count).map { index in
      let (x, y) = (index / 24 % 60, index / 24 / 60)
      return values[y % 2 * 2 + x % 2]
    }
    func drawn(_ seed: UInt64) throws -> [Float] {
      try OperatorHarness(
        StochasticPool2D(kernel: 2), inputs: [Tensor(elements, shape: shape)], seed: seed
      ).forward().outputs[0].elements
    }
    let first = try drawn(1)
    for value in values {
      let (count, share) = (Double(first.count), Double(value) / 16)
      let found = Double(first.count { $0 == value })
      #expect(abs(found - count * share) < 4 * (count * share * (1 - share)).squareRoot())
    }
    // Windows and seeds draw apart: two independent draws agree in Σ p².
    let agreement = values.reduce(0.0) { $0 + Double($1 * $1) / 256 }
    for other in [try drawn(2), Array(first.dropFirst()), Array(first.dropFirst(24))] {
      let pairs = Double(zip(first, other).count { $0 == $1 })
      let count = Double(other.count)
      #expect(abs(pairs - count * agreement) < 6 * (count * agreement * (1 - agreement)).squareRoot())
    }
  }

  @Test func gradients() throws {
    // One pixel above 0 in each window: the draw does not change while an element is moved.
    let values: [Float] = (0..<2 * 4 * 6 * 3).map { index in
      let (x, y) = (index / 3 % 6, index / 18 % 4)
      return x % 2 == 0 && y % 2 == 1 ? 1 + Float(index % 7) : -1
    }
    try GradientCheck().run(StochasticPool2D(kernel: 2), inputs: [Tensor(values, shape: [2, 4, 6, 3])])
  }

  @Test func valuesThatAreNotFinite() throws {
    let input = Tensor([1, .nan, 1, 2, .infinity, 2], shape: [1, 2, 3, 1])
    for mode in [Mode.training, .inference] {
      let op = OperatorHarness(StochasticPool2D(kernel: Pair(1, 3)), inputs: [input], mode: mode)
      #expect(try op.forward().outputs[0].elements.allSatisfy { !$0.isFinite })
    }
  }

  @Test func geometryAndErrors() {
    let op = StochasticPool2D(kernel: 3, stride: 2)
    #expect(op.window(for: [[1, 9, 9, 6]]) == Window(extent: 3, stride: 2))
    #expect(op.backwardReads == [] && op.savedShapes(for: [[2, 9, 7, 4]]) == [[2, 4, 3, 4]])
    #expect(errorText { _ = try op.outputShapes(for: []) } == "stochastic_pool2d: expected 1 inputs, found 0")
    #expect(
      errorText { _ = try op.outputShapes(for: [[1, 2, 4, 1]]) }
        == "stochastic_pool2d: expected a padded input of at least 3x3, found 2x4; use a larger image")
  }
}
