import Layers
import TensorCore
import Testing

@Suite struct Crop2DTests {
  @Test func handMade() throws {
    let input = Tensor.counting([1, 3, 3, 1])
    let reference = Tensor(zeros: [1, 2, 1, 4])
    let harness = OperatorHarness(Crop2D(), inputs: [input, reference])
    #expect(try harness.forward().outputs[0] == Tensor([1, 4], shape: [1, 2, 1, 1]))
    let gradients = try harness.backward([Tensor([7, 8], shape: [1, 2, 1, 1])]).inputs
    #expect(gradients[0]?.elements == [7, 0, 0, 8, 0, 0, 0, 0, 0])
    #expect(gradients[1] == reference)
  }

  @Test func sweep() throws {
    var stream = RandomStream(seed: 51)
    for round in 0..<20 {
      let output: Shape = [
        1 + stream.below(2), 1 + stream.below(30), 1 + stream.below(30), 1 + stream.below(20),
      ]
      let input = Tensor.random(
        output.with(height: output.height + stream.below(4), width: output.width + stream.below(4)),
        seed: UInt64(round))
      let reference = Tensor(zeros: output.with(channels: 2))
      let image = Naive(input)
      let harness = OperatorHarness(Crop2D(), inputs: [input, reference])
      let found = try harness.forward().outputs[0]
      expectClose(found, Naive.make(output) { image[$0, $1, $2, $3] })
      let kept = Naive.make(input.shape) { n, y, x, c in
        y < output.height && x < output.width ? image[n, y, x, c] : 0
      }
      expectClose(try harness.backward([found], wanted: [true, false]).inputs[0], kept)
    }
  }

  @Test func gradients() throws {
    try GradientCheck().run(
      Crop2D(), inputs: [Tensor.random([2, 4, 3, 2], seed: 1), Tensor.random([2, 3, 2, 1], seed: 2)])
  }

  @Test func identityAndErrors() {
    #expect(Crop2D().isIdentity(for: [[1, 5, 4, 3], [1, 5, 4, 9]], mode: .training))
    #expect(!Crop2D().isIdentity(for: [[1, 5, 4, 3], [1, 5, 3, 3]], mode: .training))
    #expect(
      errorText { _ = try Crop2D().outputShapes(for: [[1, 5, 4, 3]]) } == "crop2d: expected 2 inputs, found 1"
    )
    #expect(
      errorText { _ = try Crop2D().outputShapes(for: [[1, 5, 4, 3], [1, 4, 5, 3]]) }
        == "crop2d: expected a padded input of at least 4x5, found 5x4; use a larger image")
  }
}
