/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case step(StepReport)
  /// Validation goes on.
  case validation(done: Int, of: Int)
  /// An epoch ended and was saved.
  case epoch(EpochRecord, isBest: Bool)
}

/// How a training stands after a step; numbers count from 1.
public struct StepReport: Sendable {
  /// The epoch.
  public let epoch: Int
  /// Epochs of the recipe.
  public let epochs: Int
  /// The step in the epoch.
  public let step: Int
  /// Steps of an epoch.
  public let steps: Int
  /// The loss of this step's batch.
  public let loss: Float
  /// The mean loss of the epoch so far.
  public let meanLoss: Double
  /// The learning rate.
  public let rate: Float
  /// Images trained on in a second, since the epoch began.
  public let imagesPerSecond: Double

  /// Seconds until the last epoch's last step, at this speed; validation not counted.
  public let secondsLeft: Double
}

/// What is kept of an epoch.
public struct EpochRecord: Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Mean training loss.
  public let loss: Double
  /// The learning rate of its last step.
  public let rate: Float
  /// How long it took, validation included.
  public let seconds: Double
  /// What validation measured.
  public let scores: ValidationScores?
  /// What decides which epoch is the best: mean IoU or top-1, or the loss with its sign turned where nothing is
  /// validated.
  public let score: Double
  /// Columns of the history besides the others.
  let measures: [Measure]

  /// A number with its name.
  struct Measure: Sendable, Equatable {
    let name: String
    let value: Double
  }

  init(epoch: Int, loss: Double, rate: Float, seconds: Double, scores: ValidationScores?) {
    (self.epoch, self.loss, self.rate, self.seconds, self.scores) = (epoch, loss, rate, seconds, scores)
    (score, measures) = (scores?.score ?? -loss, scores?.measures ?? [])
  }

  /// What a history tells of an epoch.
  init(epoch: Int, loss: Double, rate: Float, seconds: Double, score: Double, measures: [Measure]) {
    (self.epoch, self.loss, self.rate, self.seconds, scores) = (epoch, loss, rate, seconds, nil)
    (self.score, self.measures) = (score, measures)
  }
}

extension Duration {
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
