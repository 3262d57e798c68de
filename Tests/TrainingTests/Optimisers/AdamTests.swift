import Foundation
import TensorCore
import Testing
import Training

@Suite struct AdamTests {
  /// Five steps against algorithm 1 of Kingma and Ba in `Double`: the decay is part of the gradient for Adam, and
  /// shrinks the weight itself for AdamW.
  @Test(arguments: [false, true]) func followsItsFormula(decoupled: Bool) throws {
    var problem = try Problem()
    let (beta1, beta2, epsilon, decay) = (0.8, 0.95, 1e-4, 0.25)
    var optimiser = Adam(
      beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon), decay: Float(decay),
      decoupled: decoupled)
    var mean = problem.expected.map { _ in 0.0 }
    var square = mean
    for step in 0..<5 {
      let gradients = problem.writeGradients(step: step)
      let rate = 0.05 / Double(step + 1)
      optimiser.step(problem.plan.trained, rate: Float(rate), pool: ThreadPool(threads: 2))
      for index in gradients.indices {
        let own = problem.decays[index] ? decay : 0
        var slope = gradients[index]
        if decoupled {
          problem.expected[index] -= rate * own * problem.expected[index]
        } else {
          slope += own * problem.expected[index]
        }
        mean[index] = beta1 * mean[index] + (1 - beta1) * slope
        square[index] = beta2 * square[index] + (1 - beta2) * slope * slope
        let corrected = mean[index] / (1 - pow(beta1, Double(step + 1)))
        let root = (square[index] / (1 - pow(beta2, Double(step + 1)))).squareRoot()
        problem.expected[index] -= rate * corrected / (root + epsilon)
      }
      #expect(problem.error < 1e-5)
    }
  }

  @Test(arguments: [false, true]) func goesOnFromItsStateWithTheSameBits(decoupled: Bool) throws {
    try expectSameBits { Adam(decay: 0.1, decoupled: decoupled) }
  }

  /// State comes from a file, which may hold anything.
  @Test func takesACountOfStepsThatIsNone() {
    var optimiser = Adam()
    for wrong in [Float.nan, .infinity, -1, 0.5] {
      optimiser.state = ["steps": Tensor([wrong], shape: [1])]
      #expect(optimiser.state["steps"]?.elements == [0])
    }
  }
}
