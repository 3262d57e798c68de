import Datasets
import Graphs
import TensorCore

extension Trainer {
  /// Trains until the recipe's last epoch, or until something ends it before, which `ending` tells.
  ///
  /// - Parameters:
  ///   - stop: ends the training after the step that is under way, with its state saved.
  ///   - report: called after each step and each epoch.
  /// - Returns: a record of each epoch.
  /// - Throws: `TrainingError` for a sample that cannot be read, a file that cannot be written, and a loss that is no
  ///   number; what was saved before stays.
  public func run(
    until stop: StopRequest = StopRequest(), _ report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> [EpochRecord] {
    let start = ContinuousClock.now
    func isOver() -> TrainingEnding? {
      let (epoch, step) = (history.count + 1, progress.step)
      if stop.wasMade { return .stopped(epoch: epoch, step: step) }
      guard let limit = recipe.loop.timeLimit else { return nil }
      return (ContinuousClock.now - start).inSeconds >= limit ? .timeLimit(epoch: epoch, step: step) : nil
    }
    ending = nil
    defer { (lock, events) = (nil, nil) }
    while history.count < recipe.epochs {
      if let waited = recipe.loop.earlyStopping?.waited(history.map(\.score)) {
        ending = .noGain(epochs: waited)
        return history
      }
      try enterStage(of: history.count)
      var end = try steps(isOver, report)
      if end == nil {
        do throws(TrainingError) {
          try endEpoch(stop, report)
        } catch {
          guard case .stoppedInValidation = error else { throw error }
          end = .stopped(epoch: history.count + 1, step: progress.step)
        }
      }
      if let end {
        try pause()
        ending = end
        return history
      }
    }
    ending = .finished
    return history
  }

  /// The rest of the steps of an epoch; gives the reason to end in its midst, if there is one.
  private func steps(
    _ isOver: () -> TrainingEnding?, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingEnding? {
    let (epoch, steps) = (history.count, recipe.steps(of: plan))
    if let end = isOver() { return end }
    let feed = try stage.feed(epoch: epoch, from: progress.step)
    let (start, before, first) = (ContinuousClock.now, progress.seconds, progress.step)
    var saved = (step: progress.step, time: start)
    while progress.step < steps {
      let number = epoch * steps + progress.step
      guard let loss = try stage.take(progress.step, of: feed, number: number) else { break }
      let rate = stage.rate(at: number)
      guard loss.isFinite else { throw .diverged(epoch: epoch + 1, step: progress.step + 1, rate: rate) }
      // Opened after the first step, so that data which cannot be trained on leaves no file.
      if events == nil { try openEvents() }
      addEvents(loss: loss, rate: rate, number: number)
      try average?.update(store, step: number, pool: pool)
      let now = ContinuousClock.now
      let seconds = (now - start).inSeconds
      progress.step += 1
      progress.lossSum += Double(loss)
      progress.seconds = before + seconds
      let images =
        (progress.step - first) * min(recipe.loop.accumulation, plan.batches)
        * min(recipe.batch, source.count)
      report(
        .step(
          StepReport(
            epoch: epoch + 1, epochs: recipe.epochs, step: progress.step, steps: steps, loss: loss,
            meanLoss: progress.meanLoss, rate: rate, imagesPerSecond: Double(images) / seconds,
            secondsLeft: seconds / Double(progress.step - first) * Double(recipe.epochs * steps - number - 1))
        ))
      if let end = isOver() { return end }
      if progress.step < steps,
        recipe.loop.saveInterval.isOver(
          steps: progress.step - saved.step, seconds: (now - saved.time).inSeconds)
      {
        try checkFinite()
        try flushEvents()
        try saveState()
        saved = (progress.step, ContinuousClock.now)
      }
    }
    return nil
  }

  /// Validates and saves.
  private func endEpoch(
    _ stop: StopRequest, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) {
    let start = ContinuousClock.now
    try checkFinite()
    let scores = try validate(stop, report)
    let record = EpochRecord(
      epoch: history.count + 1, loss: progress.meanLoss, rate: lastRate,
      seconds: progress.seconds + (ContinuousClock.now - start).inSeconds, scores: scores)
    stage.rates.report(score: Float(record.score))
    history.append(record)
    progress = EpochProgress()
    try save(record)
    report(.epoch(record, isBest: isBest(record)))
  }

  /// The learning rate of the last step.
  private var lastRate: Float {
    stage.rate(at: history.count * recipe.steps(of: plan) + max(0, progress.step - 1))
  }

  /// Saves where the training stands, as a checkpoint too when steps were taken since the last.
  private func pause() throws(TrainingError) {
    try checkFinite()
    if progress.step > 0 {
      let record = EpochRecord(
        epoch: history.count + 1, loss: progress.meanLoss, rate: lastRate, seconds: progress.seconds,
        scores: nil)
      if lock == nil { lock = try output.lock() }
      try output.writeLast(checkpoint(record))
    }
    try flushEvents()
    try saveState()
  }

  /// Throws when a parameter is no number, before it could be saved.
  private func checkFinite() throws(TrainingError) {
    guard store.tensors.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
      throw .diverged(epoch: history.count + 1, step: progress.step, rate: lastRate)
    }
  }

  /// The parameters that are kept, ready to predict.
  func resultingModel() throws(TrainingError) -> InferenceModel {
    do throws(GraphError) {
      return try InferenceModel(network, parameters: resulting, pool: pool)
    } catch {
      throw .graph(error)
    }
  }

  private func validate(
    _ stop: StopRequest, _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> ValidationScores? {
    guard let validation else { return nil }
    let model = try resultingModel()
    let progress = { (done: Int) throws(TrainingError) in
      report(.validation(done: done, of: validation.count))
      if stop.wasMade && done < validation.count { throw .stoppedInValidation }
    }
    switch validation.truth {
    case .mask:
      let evaluator = Evaluator(model, normalization: recipe.normalization, pool: pool)
      return .masks(try evaluator.evaluate(validation, progress: progress))
    case .label:
      let evaluator = ClassificationEvaluator(
        [.init(model, form: form, normalization: recipe.normalization)], pool: pool)
      return .labels(try evaluator.evaluate(validation, progress: progress))
    }
  }

  /// Whether an epoch that has just been added to the history is the best.
  func isBest(_ record: EpochRecord) -> Bool {
    !history.dropLast().contains { $0.score >= record.score }
  }
}
