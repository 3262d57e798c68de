import Foundation
import Layers
import TensorCore
import Testing

@Suite struct ProbabilityMeanTests {
  private let pool = ThreadPool(threads: 2)

  private func add(_ logits: Tensor, to mean: inout ProbabilityMean) {
    var logits = logits
    let shape = logits.shape
    logits.withUnsafeMutableElements { elements in
      if let base = elements.baseAddress { mean.add(TensorView(base, shape: shape), pool: pool) }
    }
  }

  /// Two networks that are sure of different things: probabilities decide, where a mean of logits would decide otherwise.
  @Test func averagesProbabilities() throws {
    var mean = ProbabilityMean()
    let networks: [[Float]] = [[0, 30, 0], [4, 0, 0], [4, 0, 0]]
    for logits in networks { add(Tensor(logits, shape: [1, 1, 1, 3]), to: &mean) }
    let found = try #require(mean.mean()).elements
    for label in 0..<3 {
      let expected = networks.reduce(0.0) { sum, logits in
        let powers = logits.map { exp(Double($0)) }
        return sum + powers[label] / powers.reduce(0, +) / 3
      }
      #expect(abs(Double(found[label]) - expected) < 1e-6)
    }
    #expect(mean.labels(pool: pool) == [0])
  }

  @Test func ofOneNetworkIsItsSoftmax() throws {
    let logits = Tensor.random([2, 3, 5, 4], seed: 3)
    var mean = ProbabilityMean()
    #expect(mean.mean() == nil && mean.labels(pool: pool).isEmpty)
    add(logits, to: &mean)
    var copy = logits
    let softmax = copy.withUnsafeMutableElements { elements in
      elements.baseAddress.map { TensorView($0, shape: [2, 3, 5, 4]).softmax(pool: pool) }
    }
    #expect(mean.mean() == softmax)
    #expect(mean.labels(pool: pool).count == 15)
  }
}
