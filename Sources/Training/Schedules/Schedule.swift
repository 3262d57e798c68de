/// How the learning rate changes while training goes on.
public enum Schedule: Sendable, Equatable {
  /// It does not.
  case constant
  /// Times `factor` after every `epochs` epochs.
  case step(epochs: Int, factor: Float)
  /// Times `factor` when the score has not risen for more than `patience` epochs.
  case plateau(patience: Int, factor: Float)
  /// Times `(1 - progress)^power`, progress being the share of all steps done (Chen et al. 2017,
  /// arXiv:1606.00915, §4.1: "poly" with power 0.9).
  case polynomial(power: Float)
  /// Times `factor` after each of these epochs, which rise.
  case multiStep(epochs: [Int], factor: Float)
  /// Along half a cosine down to `floor` times the rate (Loshchilov and Hutter 2017, arXiv:1608.03983, §3, without
  /// restarts).
  case cosine(floor: Float)
  /// Up from `start` times the rate to the rate over the share `rise` of the steps, then down to `end` times the rate
  /// at the last step, both along half a cosine (Smith and Topin 2018, arXiv:1708.07120, as PyTorch's `OneCycleLR`).
  case oneCycle(rise: Float, start: Float, end: Float)
}

/// The learning rate of each step, by a schedule with an optional linear start.
public struct RateSchedule: Sendable, Equatable {
  /// The rate at the start, after the warm-up.
  public let base: Float
  /// How it changes.
  public let schedule: Schedule
  /// Steps over which the rate rises from near 0.
  public let warmup: Int
  /// Steps of the whole training.
  public let totalSteps: Int
  /// Steps of an epoch.
  public let stepsPerEpoch: Int

  /// Epochs since the score last rose, and how often the rate was cut for that; they belong in saved state.
  public private(set) var waited = 0
  /// How often a plateau has cut the rate.
  public private(set) var cuts = 0
  private var best = -Float.infinity

  /// A schedule over so many steps.
  public init(base: Float, schedule: Schedule, warmup: Int = 0, totalSteps: Int, stepsPerEpoch: Int) {
    self.base = base
    self.schedule = schedule
    self.warmup = warmup
    self.totalSteps = max(1, totalSteps)
    self.stepsPerEpoch = max(1, stepsPerEpoch)
  }

  /// The rate of step `step`, counted from 0.
  public func rate(at step: Int) -> Float {
    let ramp = step < warmup ? Float(step + 1) / Float(warmup) : 1
    let factor: Float =
      switch schedule {
      case .constant: 1
      case .step(let epochs, let factor): Self.power(factor, step / stepsPerEpoch / epochs)
      case .plateau(_, let factor): Self.power(factor, cuts)
      case .polynomial(let power):
        Float(RealPower.of(Double(1 - Float(min(step, totalSteps - 1)) / Float(totalSteps)), Double(power)))
      case .multiStep(let epochs, let factor): Self.power(factor, epochs.count { $0 <= step / stepsPerEpoch })
      case .cosine(let floor):
        RealPower.halfCosine(from: 1, to: floor, Double(min(step, totalSteps)) / Double(totalSteps))
      case .oneCycle(let rise, let start, let end): oneCycle(min(step, totalSteps - 1), rise, start, end)
      }
    return base * ramp * factor
  }

  private func oneCycle(_ step: Int, _ rise: Float, _ start: Float, _ end: Float) -> Float {
    // The step of the summit may lie between two steps.
    let summit = Double(rise) * Double(totalSteps) - 1
    let last = Double(totalSteps - 1)
    if Double(step) < summit { return RealPower.halfCosine(from: start, to: 1, Double(step) / summit) }
    guard last > summit else { return 1 }
    return RealPower.halfCosine(from: 1, to: end, (Double(step) - summit) / (last - summit))
  }

  /// Tells a plateau schedule the score of an epoch.
  public mutating func report(score: Float) {
    guard case .plateau(let patience, _) = schedule else { return }
    if score > best {
      best = score
      waited = 0
    } else {
      waited += 1
      if waited > patience {
        cuts += 1
        waited = 0
      }
    }
  }

  /// The plateau's memory, for saved state: best score, epochs waited, cuts. What cannot be one is not taken.
  public var state: [Float] {
    get { [best, Float(waited), Float(cuts)] }
    set {
      guard newValue.count == 3, let waited = Int(exactly: newValue[1]), let cuts = Int(exactly: newValue[2]),
        (0...Self.mostCuts).contains(waited), (0...Self.mostCuts).contains(cuts)
      else { return }
      (best, self.waited, self.cuts) = (newValue[0], waited, cuts)
    }
  }

  /// More than a training has epochs.
  private static let mostCuts = 1_000_000

  private static func power(_ base: Float, _ exponent: Int) -> Float {
    (0..<max(0, exponent)).reduce(Float(1)) { product, _ in product * base }
  }
}
