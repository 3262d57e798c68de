import Layers
import TensorCore
import Testing

/// Through the bias of a pointwise convolution, whose gradient the sums are.
@Suite struct ChannelSumsTests {
  @Test(arguments: [1, 5, 2047, 2048, 2049, 6200]) func everyChunk(pixels: Int) throws {
    let input = Tensor.integers([1, 1, pixels, 1], seed: 1)
    let gradient = Tensor.integers([1, 1, pixels, 5], seed: 2)
    let harness = OperatorHarness(
      Convolution(outputs: 5, kernel: 1), inputs: [input],
      parameters: [.integers([5, 1, 1, 1], seed: 3), Tensor(zeros: [5])])
    let found = try harness.backward([gradient]).parameters[1]
    let expected = (0..<5).map { channel in
      (0..<pixels).reduce(Float(0)) { $0 + gradient.elements[$1 * 5 + channel] }
    }
    #expect(found?.elements == expected)
  }
}
