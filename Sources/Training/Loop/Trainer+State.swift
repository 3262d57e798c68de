import Files
import TensorCore
import Weights

extension Trainer {
  /// Goes on from the state that the output folder holds, or from the one before it when that is damaged.
  ///
  /// - Returns: what to say of a state that could not be used.
  /// - Throws: `TrainingError` when there is no state that can be read, or it belongs to another recipe.
  @discardableResult public func resume() throws(TrainingError) -> String? {
    lock = try output.lock()
    let (state, file, remark) = try output.readState(of: identity)
    try state.check(against: store.tensors, isAveraged: average != nil, file: file)
    // The next save makes a previous state of what stands there, which must not be the damaged one.
    if remark != nil { try output.restorePreviousState() }
    store.update(state.parameters)
    if let decay = recipe.loop.average { average = WeightAverage(state.average, decay: decay) }
    (history, progress) = (state.history, state.progress)
    // Between two epochs the state is that of the stage of the last one; a stage that comes next starts afresh.
    try enterStage(of: progress.step > 0 ? history.count : max(0, history.count - 1), anew: true)
    stage.optimiser.state = state.optimiser
    stage.rates.state = state.schedule
    return remark
  }

  /// What must be the same for this training to go on: the recipe, and which samples there are.
  private var identity: String {
    let names = (0..<source.count).reduce(into: "") { $0 += source.name(at: $1) + "\n" }
    return recipe.identity + "\nsamples=\(source.count), names \(String(FNV1a(names).value, radix: 16))"
  }

  /// Writes the state, from which this training goes on with the next step.
  func saveState() throws(TrainingError) {
    if lock == nil { lock = try output.lock() }
    try output.writeState(
      TrainingState(
        parameters: store.tensors, optimiser: stage.optimiser.state, average: average?.tensors ?? [:],
        schedule: stage.rates.state, history: history, progress: progress),
      of: identity)
  }

  /// Writes checkpoints, history and state after an epoch. State comes last: killed before it, the epoch is repeated
  /// and gives the same files again.
  func save(_ record: EpochRecord) throws(TrainingError) {
    if lock == nil { lock = try output.lock() }
    try output.write(
      checkpoint(record), isBest: isBest(record), history: history, kept: recipe.loop.kept)
    try report(on: record)
    try saveState()
  }
}
