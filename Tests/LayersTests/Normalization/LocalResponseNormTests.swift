import Foundation
import Layers
import TensorCore
import Testing

@Suite struct LocalResponseNormTests {
  @Test func handMade() throws {
    func run(_ op: LocalResponseNorm, _ input: [Float]) throws -> [Float] {
      let input = Tensor(input, shape: [1, 1, 1, 3])
      return try OperatorHarness(op, inputs: [input]).forward().outputs[0].elements
    }
    // 2 and the squares of a channel and both neighbours: 4, 4, 3.
    #expect(try run(LocalResponseNorm(size: 3, alpha: 3, beta: 1, k: 2), [1, 1, 0]) == [0.25, 0.25, 0])
    // 3 and the squares of the channel before and the channel itself, as PyTorch has it: 4, 8, 16.
    #expect(
      try run(LocalResponseNorm(size: 2, alpha: 2, beta: 1, k: 3), [1, 2, 3]) == [0.25, 0.25, 0.1875])
    #expect(try run(LocalResponseNorm(size: 1, alpha: 1, beta: 0.5, k: 0.25), [0, 0, 0]) == [0, 0, 0])
    #expect(
      try run(LocalResponseNorm(size: 1, alpha: 1, beta: 0.75, k: 15), [1, -1, 0]) == [0.125, -0.125, 0])
    // (7 - a²) / (7 + a²)² of each gradient.
    let alone = OperatorHarness(
      LocalResponseNorm(size: 1, alpha: 1, beta: 1, k: 7),
      inputs: [Tensor([1, 3, 5], shape: [1, 1, 1, 3])])
    let gradient = try alone.backward([Tensor([32, 128, 512], shape: [1, 1, 1, 3])]).inputs[0]
    #expect(gradient?.elements == [3, -1, -9])
  }

  @Test(arguments: [0.75, 0.5, 1, 0.3, 0] as [Float]) func sweep(beta: Float) throws {
    var stream = RandomStream(seed: 41)
    for round in 0..<30 {
      let shape: Shape = [
        1 + stream.below(2), 1 + stream.below(5), 1 + stream.below(5), 1 + stream.below(20),
      ]
      let size = 1 + stream.below(9)
      let op = LocalResponseNorm(size: size, alpha: 0.5 + stream.uniform(), beta: beta, k: 1)
      let input = Tensor.random(shape, seed: UInt64(round), in: -2...2)
      let gradient = Tensor.random(shape, seed: UInt64(round + 500))
      let (image, flow) = (Naive(input), Naive(gradient))
      let reference = ResponseReference(op, image)
      let expected = Naive.make(shape) { n, y, x, c in
        image[n, y, x, c] * pow(reference.base(n, y, x, c), -Double(beta))
      }
      let back = Naive.make(shape) { n, y, x, c in
        let terms = (0..<shape.channels).filter { reference.window($0).contains(c) }.map { j in
          flow[n, y, x, j] * image[n, y, x, j] * pow(reference.base(n, y, x, j), -Double(beta) - 1)
        }
        return flow[n, y, x, c] * pow(reference.base(n, y, x, c), -Double(beta)) - 2 * Double(op.alpha)
          * Double(beta) / Double(size) * image[n, y, x, c] * terms.reduce(0, +)
      }
      let harness = OperatorHarness(op, inputs: [input])
      expectClose(try harness.forward().outputs[0], expected, reduction: 16, "\(op) \(shape)")
      expectClose(try harness.backward([gradient]).inputs[0], back, reduction: 16, "\(op) \(shape)")
    }
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 3, 5, 7], seed: 1)
    try GradientCheck(reduction: 5).run(
      LocalResponseNorm(size: 5, alpha: 1, beta: 0.75, k: 2), inputs: [input])
    try GradientCheck(reduction: 4).run(LocalResponseNorm(size: 4, alpha: 2, beta: 0.6), inputs: [input])
  }

  @Test func manyPixels() throws {
    // Enough for several chunks, so that threads take part.
    let input = Tensor.random([2, 33, 35, 48], seed: 4)
    let harness = OperatorHarness(LocalResponseNorm(size: 5), inputs: [input])
    _ = try harness.forward()
    _ = try harness.backward([input])
  }

  @Test func settingsAndErrors() {
    func text(_ op: LocalResponseNorm, _ inputs: [Shape] = [[1, 2, 2, 3]]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    let plain = LocalResponseNorm(size: 5)
    #expect([plain.alpha, plain.beta, plain.k] == [1e-4, 0.75, 1])
    #expect(plain.window(for: [[1, 2, 2, 3]]) == nil && plain.backwardReads == .inputs)
    #expect(text(plain, []) == "local_response_norm: expected 1 inputs, found 0")
    #expect(
      text(LocalResponseNorm(size: 0)) == "local_response_norm: expected size from 1 to 65536, found 0")
    #expect(
      text(LocalResponseNorm(size: 5, alpha: -1))
        == "local_response_norm: expected alpha in percent of 0 or more, found -100")
    #expect(
      text(LocalResponseNorm(size: 5, beta: .nan))
        == "local_response_norm: expected beta in percent of 0 or more, found 0")
    #expect(
      text(LocalResponseNorm(size: 5, k: 0))
        == "local_response_norm: expected k in percent above 0, found 0")
  }
}

/// Which squares belong to a channel, and what they make.
private struct ResponseReference {
  let op: LocalResponseNorm
  let image: Naive

  init(_ op: LocalResponseNorm, _ image: Naive) { (self.op, self.image) = (op, image) }

  func window(_ channel: Int) -> [Int] {
    (channel - op.size / 2...channel + (op.size - 1) / 2).filter { (0..<image.shape.channels).contains($0) }
  }

  func base(_ n: Int, _ y: Int, _ x: Int, _ channel: Int) -> Double {
    let sum = window(channel).reduce(0) { $0 + image[n, y, x, $1] * image[n, y, x, $1] }
    return Double(op.k) + Double(op.alpha) / Double(op.size) * sum
  }
}
