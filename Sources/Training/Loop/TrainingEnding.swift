/// Why a training ended.
public enum TrainingEnding: Sendable, Equatable {
  /// The last epoch is done.
  case finished
  /// The score has not risen for as many epochs as the recipe waits.
  case noGain(epochs: Int)
  /// It was asked to, after a step of an epoch; both count from 1, steps from 0 before the first. Saved, to go on later.
  case stopped(epoch: Int, step: Int)
  /// The recipe's time is over. Saved, to go on later.
  case timeLimit(epoch: Int, step: Int)
}
