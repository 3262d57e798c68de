import Augmentation
import Datasets
import Files
import Graphs
import Layers
import TensorCore
import Weights

/// Trains a network by a recipe: epochs of steps, each followed by validation and a checkpoint.
///
/// The weights after any number of steps depend on recipe and data alone, not on the number of threads, nor on where
/// training was stopped and resumed.
public final class Trainer {
  let recipe: Recipe
  let network: Graph
  let source: any SampleSource
  let validation: (any SampleSource)?
  let output: TrainingOutput
  let pool: ThreadPool
  let palette: [[UInt8]]
  let licences: [String]

  let store: ParameterStore
  var stage: TrainingStage
  var history: [EpochRecord] = []
  /// Where the epoch after those of the history stands.
  var progress = EpochProgress()
  var average: WeightAverage?
  /// Held while files are written.
  var lock: FolderLock?
  var events: EventFile?
  let form: InputForm
  let plan: BatchPlan

  /// Why the training ended; `nil` while it has not.
  public internal(set) var ending: TrainingEnding?

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
      pipeline: try Self.pipeline(recipe, for: source.truth), form: form,
      normalization: recipe.normalization,
      seed: recipe.seed, shuffles: true, dropsLast: true)
    do throws(GraphError) { store = try ParameterStore(network, parameters) } catch { throw .graph(error) }
    for weights in recipe.losses.compactMap(\.kind.classWeights) where weights.count != source.classes.count {
      throw .recipe(
        file: recipe.file, .lossWeights(expected: source.classes.count, found: weights.count))
    }
    try recipe.checkCaching()
    for stage in recipe.stages { _ = try stage.split(network, of: recipe.file) }
    stage = try TrainingStage(0, of: recipe, network, store, plan, pool: pool)
    average = recipe.loop.average.map { WeightAverage(store.tensors, decay: $0) }
  }

  /// The parameters as they stand.
  public var parameters: [String: Tensor] { store.tensors }

  /// What is validated and kept in checkpoints: the moving average where the recipe asks for one.
  var resulting: [String: Tensor] { average?.tensors ?? store.tensors }

  /// Makes the stage ready to which an epoch, counted from 0, belongs.
  func enterStage(of epoch: Int, anew: Bool = false) throws(TrainingError) {
    let number = recipe.stage(of: epoch)
    guard anew || number != stage.number else { return }
    stage = try TrainingStage(number, of: recipe, network, store, plan, pool: pool)
  }
}
