import Augmentation
import Datasets
import Graphs
import Layers
import TensorCore
import Weights

/// Trains a network by a recipe: epochs of steps, each followed by validation and a checkpoint.
///
/// The weights after any number of steps depend on recipe and data alone, not on the number of threads, nor on
/// whether training was stopped between epochs and resumed.
public final class Trainer {
  let recipe: Recipe
  let network: Graph
  let source: any SampleSource
  let validation: (any SampleSource)?
  let output: TrainingOutput
  let pool: ThreadPool
  let palette: [[UInt8]]
  let licences: [String]

  private let store: ParameterStore
  private var stage: TrainingStage
  private var history: [EpochRecord] = []
  let form: InputForm
  private let plan: BatchPlan

  /// Makes a training ready.
  ///
  /// - Parameters:
  ///   - network: from the input `input` to logits, for as many classes as the data has.
  ///   - parameters: what training starts from.
  ///   - palette: a colour `[red, green, blue]` for each class, kept in checkpoints.
  ///   - licences: what the data's licences say, kept in checkpoints.
  /// - Throws: `TrainingError` when network and data do not fit.
  public init(
    recipe: Recipe, network: Graph, parameters: [String: Tensor], source: any SampleSource,
    validation: (any SampleSource)?, palette: [[UInt8]], licences: [String], output: TrainingOutput,
    pool: ThreadPool
  ) throws(TrainingError) {
    (self.recipe, self.network, self.source, self.validation) = (recipe, network, source, validation)
    (self.palette, self.licences, self.output, self.pool) = (palette, licences, output, pool)
    form = try Self.form(recipe, network, source)
    if let validation { try Self.check(validation, against: source) }
    plan = BatchPlan(
      source: CachedSource(source), batchSize: recipe.batch,
      pipeline: try Self.pipeline(recipe.augmentation, for: source.truth), form: form,
      normalization: recipe.normalization,
      seed: recipe.seed, shuffles: true, dropsLast: true)
    do throws(GraphError) { store = try ParameterStore(network, parameters) } catch { throw .graph(error) }
    for weights in recipe.losses.compactMap(\.kind.classWeights) where weights.count != source.classes.count {
      throw .lossWeights(expected: source.classes.count, found: weights.count)
    }
    try recipe.checkCaching()
    for stage in recipe.stages { _ = try stage.split(network) }
    stage = try TrainingStage(0, of: recipe, network, store, plan, pool: pool)
  }

  /// The parameters as they stand.
  public var parameters: [String: Tensor] { store.tensors }

  /// Goes on from the state that the output folder holds.
  public func resume() throws(TrainingError) {
    let state = try output.readState(recipe)
    try state.check(against: store.tensors, file: output.stateFile)
    store.update(state.parameters)
    history = state.history
    // The state is that of the stage of the last epoch; a stage that comes next starts afresh.
    try enterStage(of: max(0, history.count - 1), anew: true)
    stage.optimiser.state = state.optimiser
    stage.rates.state = state.schedule
  }

  /// Makes the stage ready to which an epoch, counted from 0, belongs.
  private func enterStage(of epoch: Int, anew: Bool = false) throws(TrainingError) {
    let number = recipe.stage(of: epoch)
    guard anew || number != stage.number else { return }
    stage = try TrainingStage(number, of: recipe, network, store, plan, pool: pool)
  }

  /// Trains until the recipe's last epoch.
  ///
  /// - Parameter report: called after each step and each epoch.
  /// - Returns: a record of each epoch.
  public func run(_ report: (TrainingEvent) -> Void = { _ in }) throws(TrainingError) -> [EpochRecord] {
    let clock = ContinuousClock()
    for epoch in history.count..<max(history.count, recipe.epochs) {
      let start = clock.now
      try enterStage(of: epoch)
      let feed = try stage.feed(epoch: epoch)
      var (sum, step) = (0.0, 0)
      while let inputs = try stage.inputs(step, of: feed) {
        let number = epoch * plan.batches + step
        // Dropout draws from the recipe's seed and the step's number.
        let seed = recipe.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number)
        let loss = try stage.take(inputs, seed: seed, step: number)
        guard loss.isFinite else {
          throw .diverged(epoch: epoch + 1, step: step + 1, rate: stage.rate(at: number))
        }
        sum += Double(loss)
        step += 1
        let seconds = (clock.now - start).inSeconds
        report(
          .step(
            StepReport(
              epoch: epoch + 1, epochs: recipe.epochs, step: step, steps: plan.batches, loss: loss,
              meanLoss: sum / Double(step), rate: stage.rate(at: number),
              imagesPerSecond: Double(step * recipe.batch) / seconds,
              secondsLeft: seconds / Double(step) * Double(recipe.epochs * plan.batches - number - 1))))
      }
      guard store.tensors.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
        throw .diverged(
          epoch: epoch + 1, step: step, rate: stage.rate(at: epoch * plan.batches + max(0, step - 1)))
      }
      let scores = try validate(report)
      let record = EpochRecord(
        epoch: epoch + 1, loss: sum / Double(max(1, step)),
        rate: stage.rate(at: epoch * plan.batches + max(0, step - 1)),
        seconds: (clock.now - start).inSeconds, scores: scores)
      stage.rates.report(score: Float(record.score))
      history.append(record)
      try save(record)
      report(.epoch(record, isBest: isBest(record)))
    }
    return history
  }

  private func validate(
    _ report: (TrainingEvent) -> Void
  ) throws(TrainingError) -> ValidationScores? {
    guard let validation else { return nil }
    let model: InferenceModel
    do throws(GraphError) {
      model = try InferenceModel(network, parameters: store.tensors, pool: pool)
    } catch {
      throw .graph(error)
    }
    let progress = { report(.validation(done: $0, of: validation.count)) }
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

  private func isBest(_ record: EpochRecord) -> Bool {
    !history.dropLast().contains { $0.score >= record.score }
  }

  private func save(_ record: EpochRecord) throws(TrainingError) {
    let checkpoint = checkpoint(record)
    try output.write(checkpoint, isBest: isBest(record), history: history)
    try output.writeState(
      TrainingState(
        parameters: store.tensors, optimiser: stage.optimiser.state, schedule: stage.rates.state,
        history: history),
      recipe)
  }
}
