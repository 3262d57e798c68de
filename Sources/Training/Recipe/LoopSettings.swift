/// How the loop goes beyond steps by an optimiser: what a recipe may add, and leaves out otherwise.
public struct LoopSettings: Sendable, Equatable {
  /// Batches whose gradients are averaged for a step.
  public var accumulation = 1
  /// The largest norm of the gradients; `nil` for any.
  public var clip: Float?
  /// The decay of a moving average of the weights, which is then what is validated and kept; `nil` for none.
  public var average: Float?
  /// When training ends before its last epoch.
  public var earlyStopping: EarlyStopping?
  /// Checkpoints of the best epochs that are kept besides `best` and `last`.
  public var kept = 0
  /// Seconds after which training saves and ends; `nil` for no limit.
  public var timeLimit: Double?
  /// How often the state is saved within an epoch.
  public var saveInterval = SaveInterval.seconds(600)
  /// Whether event files for TensorBoard are written.
  public var writesEvents = false
  /// Which part of the data validates; `nil` when the recipe names its validation.
  public var fold: Fold?

  /// Nothing added.
  public init() {}

  /// Seconds written as a time, `90s`, `30m` or `1.5h`; `nil` for anything else.
  public static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()), number > 0,
      number * unit <= 1e9
    else { return nil }
    return number * unit
  }

  /// Ends a training that no longer gets better.
  public struct EarlyStopping: Sendable, Equatable {
    /// Epochs without a gain that are waited for.
    public var patience: Int
    /// What the score must rise by to count.
    public var gain: Double

    /// The epochs since the score last rose by the gain, when they are more than the patience.
    func waited(_ scores: [Double]) -> Int? {
      var (best, waited) = (-Double.infinity, 0)
      for score in scores {
        if score > best + gain || best == -.infinity { (best, waited) = (score, 0) } else { waited += 1 }
      }
      return waited > patience ? waited : nil
    }
  }

  /// One of several parts of the data, which validates while the others train.
  public struct Fold: Sendable, Equatable {
    /// The parts.
    public var count: Int
    /// The part that validates, from 0.
    public var index: Int
    /// What decides which samples lie in which part.
    public var seed: UInt64

    /// A part of so many.
    public init(count: Int, index: Int, seed: UInt64 = 0) {
      (self.count, self.index, self.seed) = (count, index, seed)
    }
  }
}

/// How often a training's state is saved.
public enum SaveInterval: Sendable, Equatable {
  /// After so many steps.
  case steps(Int)
  /// After the first step that ends so many seconds after the last save.
  case seconds(Double)

  /// Whether it is time.
  func isOver(steps: Int, seconds: Double) -> Bool {
    switch self {
    case .steps(let interval): steps >= interval
    case .seconds(let interval): seconds >= interval
    }
  }
}
