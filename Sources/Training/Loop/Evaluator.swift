import Datasets
import Graphs
import Images
import TensorCore

/// Predicts the mask of every sample of a split at its full size and counts.
public struct Evaluator {
  let model: InferenceModel
  let normalization: Normalization
  let pool: ThreadPool

  /// An evaluator of a network that takes input of this normalisation.
  public init(_ model: InferenceModel, normalization: Normalization, pool: ThreadPool) {
    self.model = model
    self.normalization = normalization
    self.pool = pool
  }

  /// The scores on all samples of `source`.
  ///
  /// - Parameter progress: called after each sample with the number done.
  /// - Throws: `TrainingError` when a sample cannot be read or the model has another number of classes.
  public func evaluate(
    _ source: any SampleSource, boundary: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws(TrainingError) -> Scores {
    guard model.classes == source.classes.count else {
      throw .classCount(model: model.classes, data: source.classes.count, source: source.title)
    }
    var scores = Scores(classes: source.classes)
    let loader = BatchLoader(
      BatchPlan(source: source, batchSize: 1, normalization: normalization), epoch: 0,
      threads: min(2, pool.threads))
    while let batch = try loader.following() {
      let shape = batch.images.shape
      let logits = try model.logits(of: batch.images)
      var prediction = [UInt8](repeating: 0, count: shape.height * shape.width)
      prediction.withUnsafeMutableBufferPointer { labels in
        if let base = labels.baseAddress { logits.argMax(into: base, pool: pool) }
      }
      let truth = batch.labels.elements.map { UInt8($0) }
      scores.confusion.add(truth: truth, prediction: prediction)
      if boundary {
        scores.boundary.add(
          truth: truth, prediction: prediction, width: shape.width, height: shape.height)
      }
      scores.images += 1
      progress(scores.images)
    }
    return scores
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

  /// Nothing counted yet.
  public init(classes: [String]) {
    self.classes = classes
    confusion = ConfusionMatrix(classes: classes.count)
    boundary = BoundaryScore(classes: classes.count)
  }
}
