import TensorCore

/// Everything that a training needs to go on as if it had not stopped.
///
/// Order, augmentation and dropout draw from streams whose keys are the seed, the epoch, the step and the sample, so
/// that the position is all there is to keep of them.
struct TrainingState {
  var parameters: [String: Tensor]
  var optimiser: [String: Tensor]
  /// The moving average of the parameters, if one is kept.
  var average: [String: Tensor]
  /// Of the learning rate's schedule.
  var schedule: [Float]
  var history: [EpochRecord]
  /// Where the epoch after those of the history stands.
  var progress = EpochProgress()

  /// Throws unless every parameter is there with its shape, and what is kept of one has its shape too.
  func check(against wanted: [String: Tensor], isAveraged: Bool, file: String) throws(TrainingError) {
    for (name, tensor) in wanted.sorted(by: { $0.key < $1.key }) {
      try Self.check(name, parameters[name]?.shape, tensor.shape, file)
      if isAveraged { try Self.check(name, average[name]?.shape, tensor.shape, file) }
    }
    for (name, tensor) in optimiser.sorted(by: { $0.key < $1.key }) where name.contains(".") {
      let owner = name.split(separator: ".").dropLast().joined(separator: ".")
      try Self.check(owner, tensor.shape, wanted[owner]?.shape, file)
    }
  }

  private static func check(
    _ name: String, _ found: Shape?, _ expected: Shape?, _ file: String
  ) throws(TrainingError) {
    guard found != expected else { return }
    func text(_ shape: Shape?) -> String { "\(name) \(shape?.description ?? "nowhere")" }
    throw .stateMismatch(file: file, expected: text(expected), found: text(found))
  }
}

/// How far an epoch has come.
struct EpochProgress: Equatable {
  /// Steps taken.
  var step = 0
  /// The sum of their losses.
  var lossSum = 0.0
  /// How long they took.
  var seconds = 0.0

  /// The mean loss so far.
  var meanLoss: Double { lossSum / Double(max(1, step)) }
}
