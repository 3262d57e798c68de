import Datasets
import Graphs
import Images
import Layers
import TensorCore

/// Predicts the mask of every sample of a split at its full size and counts.
public struct Evaluator {
  let models: [InferenceModel]
  let normalization: Normalization
  let pool: ThreadPool

  /// An evaluator of a network that takes input of this normalisation.
  public init(_ model: InferenceModel, normalization: Normalization, pool: ThreadPool) {
    self.init([model], normalization: normalization, pool: pool)
  }

  /// An evaluator of the mean of the probabilities that networks give, all for input of this normalisation.
  public init(_ models: [InferenceModel], normalization: Normalization, pool: ThreadPool) {
    self.models = models
    self.normalization = normalization
    self.pool = pool
  }

  /// The scores on all samples of `source`.
  ///
  /// - Parameters:
  ///   - boundary: whether borders are looked at.
  ///   - objects: a class whose regions are looked for one by one.
  ///   - progress: called after each sample with the number done; what it throws ends the evaluation.
  /// - Throws: `TrainingError` when a sample cannot be read or the model has another number of classes.
  public func evaluate(
    _ source: any SampleSource, boundary: Bool = false, objects: UInt8? = nil,
    progress: (Int) throws(TrainingError) -> Void = { _ in }
  ) throws(TrainingError) -> Scores {
    for model in models where model.classes != source.classes.count {
      throw .classCount(model: model.classes, data: source.classes.count, source: source.title)
    }
    var scores = Scores(classes: source.classes)
    scores.objects = objects.map(ObjectScore.init)
    let loader = BatchLoader(
      BatchPlan(source: source, batchSize: 1, normalization: normalization), epoch: 0,
      threads: min(2, pool.threads))
    while let batch = try loader.following() {
      let shape = batch.images.shape
      let prediction = try labels(batch.images)
      let truth = batch.labels.elements.map { UInt8($0) }
      scores.confusion.add(truth: truth, prediction: prediction)
      if boundary {
        scores.boundary.add(
          truth: truth, prediction: prediction, width: shape.width, height: shape.height)
      }
      scores.objects?.add(
        truth: truth, prediction: prediction, width: shape.width, height: shape.height)
      scores.images += 1
      try progress(scores.images)
    }
    return scores
  }

  /// The most probable class of every pixel.
  private func labels(_ images: Tensor) throws(TrainingError) -> [UInt8] {
    do throws(GraphError) {
      if models.count == 1 {
        return try models[0].run(images.shape) { $0.copy(from: images) }.argMax(pool: pool)
      }
      var mean = ProbabilityMean()
      for model in models {
        mean.add(try model.run(images.shape) { $0.copy(from: images) }, pool: pool)
      }
      return mean.labels(pool: pool)
    } catch {
      throw .graph(error)
    }
  }
}

/// What an evaluation of masks measured.
public struct Scores: Sendable {
  /// Class names, in the order of their indices.
  public let classes: [String]
  /// Images counted.
  public var images = 0
  /// Pixels by truth and prediction.
  public var confusion: ConfusionMatrix
  /// How well the borders of the classes lie; empty unless asked for.
  public var boundary: BoundaryScore
  /// How many objects of a class were found; `nil` unless asked for.
  public var objects: ObjectScore?

  /// Nothing counted yet.
  public init(classes: [String]) {
    self.classes = classes
    confusion = ConfusionMatrix(classes: classes.count)
    boundary = BoundaryScore(classes: classes.count)
  }
}
