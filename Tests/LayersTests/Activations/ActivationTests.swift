import Foundation
import Layers
import TensorCore
import Testing

/// Every activation with its `Double` reference.
let referenceActivations: [(activation: Activation, function: @Sendable (Double) -> Double)] = [
  (.identity, { $0 }),
  (.relu, { max(0, $0) }),
  (.leakyReLU(slope: 0.25), { $0 > 0 ? $0 : 0.25 * $0 }),
  (.elu(alpha: 1.5), { $0 > 0 ? $0 : 1.5 * expm1($0) }),
  (.sigmoid, { 1 / (1 + exp(-$0)) }),
  (.tanh, { Foundation.tanh($0) }),
  (.softplus, { max(0, $0) + log1p(exp(-abs($0))) }),
]

@Suite struct ActivationTests {
  @Test func piecewiseLinearExactly() {
    var elements: [Float] = [-4, -0.5, 0, 0.5, 4]
    Activation.relu.apply(&elements, 5)
    #expect(elements == [0, 0, 0, 0.5, 4])
    elements = [-4, -0.5, 0, 0.5, 4]
    Activation.leakyReLU(slope: 0.5).apply(&elements, 5)
    #expect(elements == [-2, -0.25, 0, 0.5, 4])
    elements = [-4, 3]
    Activation.identity.apply(&elements, 2)
    #expect(elements == [-4, 3])
  }

  @Test func derivativesExactly() {
    func derivative(_ activation: Activation, _ output: [Float]) -> [Float] {
      var target = [Float](repeating: 2, count: output.count)
      target.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        activation.applyDerivative(output: output, gradient: base, to: base, output.count)
      }
      return target
    }
    #expect(derivative(.identity, [-1, 0, 1]) == [2, 2, 2])
    #expect(derivative(.relu, [0, 0, 1]) == [0, 0, 2])
    #expect(derivative(.leakyReLU(slope: 0.5), [-1, 0, 1]) == [1, 1, 2])
    #expect(derivative(.elu(alpha: 1), [-0.5, 0, 1]) == [1, 2, 2])
    #expect(derivative(.sigmoid, [0.5, 0, 1]) == [0.5, 0, 0])
    #expect(derivative(.tanh, [0.5, 0, 1]) == [1.5, 2, 0])
    #expect(derivative(.softplus, [0, .infinity]) == [0, 2])
  }

  @Test func notANumberStays() {
    for (activation, _) in referenceActivations {
      var elements = [Float](repeating: .nan, count: 37)
      activation.apply(&elements, 37)
      #expect(elements.allSatisfy { $0.isNaN }, "\(activation)")
    }
  }

  @Test func farFromZero() {
    let ends: [(Activation, Float, Float)] = [
      (.relu, 0, .infinity), (.leakyReLU(slope: 0.5), -.infinity, .infinity), (.elu(alpha: 2), -2, .infinity),
      (.sigmoid, 0, 1), (.tanh, -1, 1), (.softplus, 0, .infinity),
    ]
    for (activation, low, high) in ends {
      var elements: [Float] = [-.infinity, .infinity, -1e30, 1e30]
      activation.apply(&elements, 4)
      #expect(abs(elements[0] - low) < 1e-37 || elements[0] == low, "\(activation)")
      #expect(elements[1] == high, "\(activation)")
      #expect(elements.allSatisfy { !$0.isNaN }, "\(activation)")
    }
  }
}
