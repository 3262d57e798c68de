import Augmentation
import Datasets
import Graphs
import Layers
import TensorCore

/// A stage of a training: what is frozen in it, its optimiser, and the plan that its steps run on.
final class TrainingStage {
  /// Which of the recipe's stages.
  let number: Int
  /// The learning rate of each step of the stage.
  var rates: RateSchedule
  /// At its first step, or as it was saved.
  var optimiser: any Optimiser

  private let settings: Recipe.Stage
  private let split: FrozenSplit
  private let graph: Graph
  private let trunk: FrozenTrunk?
  private let store: ParameterStore
  private let pool: ThreadPool
  private let batches: BatchPlan
  private let firstStep: Int
  private let recipe: Recipe
  private var gradients = GradientSum()
  private var plan: Plan?
  private var cache: FeatureCache?

  /// Makes a stage ready on the parameters as they stand.
  ///
  /// - Throws: `TrainingError` when what is to be frozen does not fit the network.
  init(
    _ number: Int, of recipe: Recipe, _ network: Graph, _ store: ParameterStore, _ batches: BatchPlan,
    pool: ThreadPool
  ) throws(TrainingError) {
    let settings = recipe.stages[number]
    (self.number, self.settings, self.store, self.batches, self.pool) = (
      number, settings, store, batches, pool
    )
    self.recipe = recipe
    let steps = recipe.steps(of: batches)
    firstStep = recipe.stages.prefix(number).reduce(0) { $0 + $1.epochs } * steps
    rates = RateSchedule(
      base: settings.rate ?? recipe.rate, schedule: recipe.schedule, warmup: recipe.warmup,
      totalSteps: settings.epochs * steps, stepsPerEpoch: steps)
    optimiser = recipe.optimiser.make(decay: recipe.decay)
    split = try settings.split(network, of: recipe.file)
    let ignored = batches.source.truth == .mask ? Int(Sample.ignoredLabel) : nil
    let losses = recipe.losses.map { (loss: $0.kind.operation(ignoreIndex: ignored), weight: $0.weight) }
    do throws(GraphError) {
      let head = try split.head.freezingBatchNorm(settings.isFrozen).withLoss(losses)
      graph = try (batches.pipeline.blendsBatches ? head.blendingLosses() : head)
        .withBatchNormMomentum(recipe.batchNormMomentum).fusingActivations(for: .training)
        .fusingSums(for: .training)
    } catch {
      throw .graph(error)
    }
    let parameters = store.tensors
    trunk = try split.trunk.map { graph throws(TrainingError) in
      try FrozenTrunk(graph, parameters, pool: pool)
    }
  }

  /// The learning rate of a step of the whole training.
  func rate(at step: Int) -> Float { rates.rate(at: step - firstStep) }

  /// The inputs of the steps of an epoch, counted over the whole training.
  ///
  /// - Parameter step: the first step that is asked for.
  func feed(epoch: Int, from step: Int) throws(TrainingError) -> StepFeed {
    guard settings.cachesFeatures else {
      try reserve()
      return .batches(
        BatchLoader(
          batches, epoch: epoch, startingAt: step * recipe.loop.accumulation, threads: min(2, pool.threads)))
    }
    if cache == nil {
      cache = try FeatureCache(batches) { images throws(TrainingError) in try headInputs(images) }
    }
    return .samples(batches.order(epoch: epoch))
  }

  /// The inputs of the next batch of a feed; `nil` at its end.
  ///
  /// - Parameter batch: counted from the start of the epoch.
  private func inputs(_ batch: Int, of feed: StepFeed) throws(TrainingError) -> [StepInput]? {
    switch feed {
    case .batches(let loader):
      guard let batch = try loader.following() else { return nil }
      return try headInputs(batch.images) + Self.truths(batch)
    case .samples(let order):
      guard batch < batches.batches else { return nil }
      let first = batch * batches.batchSize
      return cache?.inputs(Array(order[first..<min(order.count, first + batches.batchSize)]))
    }
  }

  /// The labels of a batch; where it is blended, those of both, and the share of the first.
  private static func truths(_ batch: Batch) -> [StepInput] {
    func input(_ name: String, _ labels: Tensor) -> StepInput {
      StepInput(name: name, shape: labels.shape) { $0.copy(from: labels) }
    }
    let own = input(Graph.labelsInput, batch.labels)
    guard let partners = batch.partnerLabels else { return [own] }
    let share = input(Graph.shareInput, Tensor([batch.share], shape: [1, 1, 1, 1]))
    return [own, input(Graph.partnerLabelsInput, partners), share]
  }

  /// One step over the next batches of a feed; when their loss is not finite, no weight is changed, though batch norm has
  /// seen them.
  ///
  /// - Parameters:
  ///   - step: counted from the start of the epoch.
  ///   - number: counted over the whole training.
  ///   - rate: instead of the schedule's.
  /// - Returns: the mean of the batches' losses before the step; `nil` at the end of the feed.
  func take(_ step: Int, of feed: StepFeed, number: Int, rate: Float? = nil) throws(TrainingError) -> Float? {
    let count = recipe.loop.accumulation
    var (sum, taken) = (Float(0), 0)
    var trained: [TrainedParameter] = []
    while taken < count, let inputs = try inputs(step * count + taken, of: feed) {
      let plan = try plan(for: inputs)
      // Dropout draws from the recipe's seed and the batch's number.
      let seed = recipe.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number * count + taken)
      plan.forward(seed: seed)
      plan.backward(seed: seed)
      trained = plan.trained
      if count > 1 { gradients.add(trained, pool: pool) }
      sum += plan.output(0).pointer[0]
      taken += 1
    }
    guard taken > 0 else { return nil }
    if count > 1 { gradients.finish(into: trained, pool: pool) }
    let loss = sum / Float(taken)
    guard loss.isFinite else { return loss }
    if let limit = recipe.loop.clip {
      guard Gradients.clip(trained, to: limit, pool: pool).isFinite else { return .nan }
    }
    optimiser.step(trained, rate: rate ?? self.rate(at: number), pool: pool)
    store.didChange(trained)
    return loss
  }

  /// The pictures, or what the trunk gives for them.
  private func headInputs(_ images: Tensor) throws(TrainingError) -> [StepInput] {
    let features = try trunk?.run(images) ?? []
    let views = Dictionary(uniqueKeysWithValues: zip(split.features, features))
    return split.head.inputs.map { split.head.nodes[$0].name }.map { name in
      guard let view = views[name] else {
        return StepInput(name: name, shape: images.shape) { $0.copy(from: images) }
      }
      return StepInput(name: name, shape: view.shape) { $0.copy(from: view) }
    }
  }

  /// Makes the plan for samples whose size the recipe fixes before any is read: where it has no room, batches that are
  /// prepared ahead would have none either.
  private func reserve() throws(TrainingError) {
    guard plan == nil, batches.source.truth == .mask, let size = recipe.augmentation.outputSize else {
      return
    }
    let images: Shape = [
      min(batches.batchSize, batches.source.count), size.height, size.width, batches.form.channels,
    ]
    let labels = images.with(channels: 1)
    var inputs = try headShapes(for: images).map { name, shape in StepInput(name: name, shape: shape) { _ in }
    }
    inputs.append(StepInput(name: Graph.labelsInput, shape: labels) { _ in })
    if batches.pipeline.blendsBatches {
      inputs += [
        StepInput(name: Graph.partnerLabelsInput, shape: labels) { _ in },
        StepInput(name: Graph.shareInput, shape: [1, 1, 1, 1]) { _ in },
      ]
    }
    _ = try plan(for: inputs)
  }

  /// The head's inputs and their shapes for images of that shape.
  private func headShapes(for images: Shape) throws(TrainingError) -> [(name: String, shape: Shape)] {
    var shapes: [String: Shape] = [:]
    if let trunk = split.trunk {
      do throws(GraphError) {
        let inferred = try trunk.inferShapes(
          Dictionary(uniqueKeysWithValues: trunk.inputs.map { (trunk.nodes[$0].name, images) }))
        for (name, value) in zip(split.features, trunk.outputs) {
          shapes[name] = inferred[value.node][value.output]
        }
      } catch {
        throw .graph(error)
      }
    }
    return split.head.inputs.map { split.head.nodes[$0].name }.map { ($0, shapes[$0] ?? images) }
  }

  private func plan(for inputs: [StepInput]) throws(TrainingError) -> Plan {
    do throws(GraphError) {
      let plan: Plan
      if let known = self.plan, inputs.allSatisfy({ (try? known.input($0.name))?.shape == $0.shape }) {
        plan = known
      } else {
        self.plan = nil
        plan = try Plan(
          graph, inputs: Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.shape) }),
          mode: .training,
          parameters: store, pool: pool, budget: .standard, isFrozen: settings.isFrozen)
        self.plan = plan
      }
      for input in inputs { input.write(try plan.input(input.name)) }
      return plan
    } catch {
      throw .graph(error)
    }
  }
}

extension Recipe {
  /// Steps of an epoch; batches that do not fill a last step are left out, unless it is the only one.
  func steps(of plan: BatchPlan) -> Int { max(1, plan.batches / loop.accumulation) }
}

/// Where the steps of an epoch get their inputs from.
enum StepFeed {
  /// Batches that are prepared ahead.
  case batches(BatchLoader)
  /// Cached features of samples in this order.
  case samples([Int])
}
