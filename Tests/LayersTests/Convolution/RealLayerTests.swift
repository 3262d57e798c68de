import Layers
import TensorCore
import Testing

/// Layers of the U-Net at their real sizes: sampled elements against sums in `Double`, and every element of one
/// algorithm against the other.
@Suite struct RealLayerTests {
  private struct Sampled {
    let expected: [Double]
    let places: [Int]
  }

  /// Elements of a same-padded convolution at equal distances, the first and the last among them.
  private func sample(_ input: Tensor, _ weight: Tensor, _ output: Shape) -> Sampled {
    let (x, w) = (input.elements, weight.elements)
    let (inputs, kernel) = (weight.shape[1], weight.shape[2])
    let places = Array(stride(from: 0, to: output.count, by: max(1, output.count / 300))) + [output.count - 1]
    let expected = places.map { place in
      let (o, column) = (place % output.channels, place / output.channels % output.width)
      let row = place / (output.channels * output.width)
      var sum = 0.0
      for ky in 0..<kernel {
        for kx in 0..<kernel {
          let (y, x0) = (row + ky - kernel / 2, column + kx - kernel / 2)
          guard (0..<output.height).contains(y), (0..<output.width).contains(x0) else { continue }
          for i in 0..<inputs {
            sum +=
              Double(w[((o * inputs + i) * kernel + ky) * kernel + kx])
              * Double(x[(y * output.width + x0) * inputs + i])
          }
        }
      }
      return sum
    }
    return Sampled(expected: expected, places: places)
  }

  @Test(arguments: [(3, 64, 96), (64, 64, 96), (512, 512, 8)])
  func convolution(inputs: Int, outputs: Int, size: Int) throws {
    let op = Convolution(outputs: outputs, kernel: 3, padding: 1, bias: false)
    let input = Tensor.random([1, size, size, inputs], seed: 1)
    let weight = Tensor.random([outputs, inputs, 3, 3], seed: 2)
    let output: Shape = [1, size, size, outputs]
    let sampled = sample(input, weight, output)
    let largest = sampled.expected.reduce(0) { max($0, abs($1)) }
    let results = try op.algorithms(for: [input.shape], .forward).map { algorithm in
      let harness = OperatorHarness(op, inputs: [input], parameters: [weight], algorithm: algorithm.name)
      let one = try harness.forward(.init()).outputs[0]
      #expect(try harness.forward(.init(threads: 2)).outputs[0] == one, "\(algorithm.name)")
      let found = one.elements
      let share = algorithm.name.hasPrefix("winograd") ? 2e-5 : 2e-6
      for (place, expected) in zip(sampled.places, sampled.expected) {
        let difference = abs(Double(found[place]) - expected)
        #expect(difference <= share * largest, "\(algorithm.name) at \(place)")
      }
      return one
    }
    for other in results.dropFirst() {
      expectNear(other, Naive(results[0]), within: 2e-5, "one algorithm and another")
    }
  }

  @Test func transposedConvolution() throws {
    let op = TransposedConvolution(outputs: 512, kernel: 2, stride: 2)
    let input = Tensor.random([1, 8, 8, 1024], seed: 1)
    let (weight, bias) = (Tensor.random([1024, 512, 2, 2], seed: 2), Tensor.random([512], seed: 3))
    let harness = OperatorHarness(op, inputs: [input], parameters: [weight, bias])
    let result = try harness.forward(.init()).outputs[0]
    #expect(result.shape == [1, 16, 16, 512])
    #expect(try harness.forward(.init(threads: 2)).outputs[0] == result)
    let (x, w, b, found) = (input.elements, weight.elements, bias.elements, result.elements)
    for place in stride(from: 0, to: found.count, by: 419) {
      let (o, column, row) = (place % 512, place / 512 % 16, place / 8192)
      var expected = Double(b[o])
      for i in 0..<1024 {
        expected +=
          Double(w[(i * 512 + o) * 4 + row % 2 * 2 + column % 2])
          * Double(x[(row / 2 * 8 + column / 2) * 1024 + i])
      }
      let difference = abs(Double(found[place]) - expected)
      #expect(difference <= Double(Float.ulpOfOne) * 1024 * max(1, abs(expected)), "at \(place)")
    }
  }
}
