import Testing
import Training

/// Against PyTorch's schedules, by Tools/Golden/optimisers.py: twelve epochs of five steps at a rate of 0.5.
@Suite struct GoldenScheduleTests {
  private static let scores: [Float] = [0.1, 0.3, 0.3, 0.2, 0.4, 0.4, 0.4, 0.1, 0.5, 0.5, 0.5, 0.5]

  private static let schedules: [(String, Schedule, Int)] = [
    ("step", .step(epochs: 3, factor: 0.5), 0),
    ("multi_step", .multiStep(epochs: [2, 7, 8], factor: 0.1), 0),
    ("plateau", .plateau(patience: 1, factor: 0.5), 0), ("polynomial", .polynomial(power: 0.9), 0),
    ("cosine", .cosine(floor: 0.1), 0), ("one_cycle", .oneCycle(rise: 0.3, start: 0.04, end: 4e-6), 0),
    ("warmup", .constant, 8),
  ]

  @Test(arguments: schedules) func followsPyTorch(name: String, schedule: Schedule, warmup: Int) throws {
    let expected = try goldenFile("optimisers").tensor("schedule.\(name)").elements
    #expect(expected.count == 60 && Set(expected).count > 2)
    var rates = RateSchedule(base: 0.5, schedule: schedule, warmup: warmup, totalSteps: 60, stepsPerEpoch: 5)
    for step in 0..<60 {
      #expect(abs(rates.rate(at: step) - expected[step]) < 1e-6 * max(expected[step], 0.01), "step \(step)")
      if step % 5 == 4 { rates.report(score: Self.scores[step / 5]) }
    }
  }

  @Test func oneCycleAtItsEdges() {
    for rise: Float in [0, 0.5, 1] {
      for steps in [1, 2, 3] {
        let rates = RateSchedule(
          base: 1, schedule: .oneCycle(rise: rise, start: 0.1, end: 0.01), totalSteps: steps, stepsPerEpoch: 1
        )
        #expect((0..<steps + 2).allSatisfy { (0.009...1).contains(rates.rate(at: $0)) })
      }
    }
  }
}
