import Testing
import Training

@Suite struct RateScheduleTests {
  private func rates(_ schedule: Schedule, warmup: Int = 0, steps: Range<Int> = 0..<6) -> [Float] {
    let rates = RateSchedule(base: 0.5, schedule: schedule, warmup: warmup, totalSteps: 8, stepsPerEpoch: 2)
    return steps.map { rates.rate(at: $0) }
  }

  @Test func constantStays() {
    #expect(rates(.constant) == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
  }

  @Test func stepCutsAfterEpochs() {
    #expect(rates(.step(epochs: 1, factor: 0.5)) == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125])
    #expect(rates(.step(epochs: 2, factor: 0.5)) == [0.5, 0.5, 0.5, 0.5, 0.25, 0.25])
  }

  @Test func polynomialFallsWithProgress() {
    // Squares of eighths are exact.
    let falling: [Float] = [64, 49, 36, 25, 16, 9, 4, 1].map { 0.5 * $0 / 64 }
    #expect(rates(.polynomial(power: 2), steps: 0..<8) == falling)
    // Never 0, also behind the last step.
    #expect(rates(.polynomial(power: 2), steps: 8..<10) == [falling[7], falling[7]])
    #expect(abs(rates(.polynomial(power: 0.9))[4] - 0.5 * 0.535_886_73) < 1e-7)
  }

  @Test func warmupRisesInEqualSteps() {
    #expect(rates(.constant, warmup: 4) == [0.125, 0.25, 0.375, 0.5, 0.5, 0.5])
    #expect(rates(.step(epochs: 1, factor: 0.5), warmup: 4) == [0.125, 0.25, 0.1875, 0.25, 0.125, 0.125])
  }

  @Test func plateauCutsWhenTheScoreStays() {
    var schedule = RateSchedule(
      base: 1, schedule: .plateau(patience: 1, factor: 0.5), totalSteps: 100, stepsPerEpoch: 1)
    var rates: [Float] = []
    // The third and the fourth do not beat 0.5, which is one more than the patience; so do the last two.
    for score: Float in [0.4, 0.5, 0.5, 0.3, 0.6, 0.6, 0.1] {
      schedule.report(score: score)
      rates.append(schedule.rate(at: rates.count))
    }
    #expect(rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25])
  }

  @Test func plateauGoesOnFromItsState() {
    let fresh = RateSchedule(
      base: 1, schedule: .plateau(patience: 2, factor: 0.5), totalSteps: 100, stepsPerEpoch: 1)
    var (whole, parted) = (fresh, fresh)
    for (index, score) in ([0.4, 0.4, 0.3, 0.2, 0.5, 0.1] as [Float]).enumerated() {
      whole.report(score: score)
      parted.report(score: score)
      var next = fresh
      next.state = parted.state
      parted = next
      #expect(parted == whole && parted.rate(at: index) == whole.rate(at: index))
    }
    #expect(whole.cuts == 1)
  }

  /// State comes from a file, which may hold anything.
  @Test func takesAStateThatIsNone() {
    var schedule = RateSchedule(
      base: 1, schedule: .plateau(patience: 2, factor: 0.5), totalSteps: 100, stepsPerEpoch: 1)
    let before = schedule
    for wrong: [Float] in [[], [0, .nan, 1], [0, 1, .infinity], [0, -1, 1], [0, 1, 1e30]] {
      schedule.state = wrong
      #expect(schedule == before)
    }
  }
}
