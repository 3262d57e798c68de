import TensorCore
import Testing
import Training

@Suite struct SGDTests {
  /// Five steps against `v ← m v + g + λ w`, `w ← w − η v` (Nesterov: `w ← w − η (g + λ w + m v)`) in `Double`.
  @Test(arguments: [(0, false), (0.9, false), (0.9, true)] as [(Double, Bool)])
  func followsItsFormula(momentum: Double, nesterov: Bool) throws {
    var problem = try Problem()
    #expect(Set(problem.decays).count == 2, "some parameters decay and some do not")
    var optimiser = SGD(momentum: Float(momentum), nesterov: nesterov, decay: 0.25)
    var velocity = problem.expected.map { _ in 0.0 }
    for step in 0..<5 {
      let gradients = problem.writeGradients(step: step)
      let rate = 0.1 / Double(step + 1)
      optimiser.step(problem.plan.trained, rate: Float(rate), pool: ThreadPool(threads: 2))
      for index in gradients.indices {
        let slope = gradients[index] + (problem.decays[index] ? 0.25 : 0) * problem.expected[index]
        velocity[index] = momentum * velocity[index] + slope
        problem.expected[index] -= rate * (nesterov ? slope + momentum * velocity[index] : velocity[index])
      }
      #expect(problem.error < 2e-6)
    }
  }

  @Test func goesOnFromItsStateWithTheSameBits() throws {
    try expectSameBits { SGD(momentum: 0.9, nesterov: true, decay: 0.1) }
  }
}

/// Four steps in one go, on one thread, against two steps, a new optimiser with the state of the first, and two
/// more on three threads.
func expectSameBits(_ make: () -> some Optimiser) throws {
  // Wide enough that a parameter is more than one chunk of work.
  let (whole, parted) = (try Problem(width: 64), try Problem(width: 64))
  #expect(whole.plan.trained.contains { $0.shape.count > 1 << 16 })
  var optimiser = make()
  for step in 0..<4 {
    _ = whole.writeGradients(step: step)
    optimiser.step(whole.plan.trained, rate: 0.01, pool: ThreadPool(threads: 1))
  }
  var first = make()
  for step in 0..<2 {
    _ = parted.writeGradients(step: step)
    first.step(parted.plan.trained, rate: 0.01, pool: ThreadPool(threads: 3))
  }
  var second = make()
  second.state = first.state
  for step in 2..<4 {
    _ = parted.writeGradients(step: step)
    second.step(parted.plan.trained, rate: 0.01, pool: ThreadPool(threads: 3))
  }
  #expect(whole.values.map(\.bitPattern) == parted.values.map(\.bitPattern))
}
