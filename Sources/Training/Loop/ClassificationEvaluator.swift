import Datasets
import Graphs
import TensorCore

/// Predicts the class of every image of a split, in batches, and counts.
public struct ClassificationEvaluator {
  let model: InferenceModel
  let form: InputForm
  let normalization: Normalization
  let pool: ThreadPool

  /// Elements of the images of a batch, about: enough that small images keep all threads busy, few enough that large ones
  /// need little memory.
  private static let elements = 1 << 20

  /// An evaluator of a network that takes pictures of this form, of a fixed size, and normalisation.
  public init(_ model: InferenceModel, form: InputForm, normalization: Normalization, pool: ThreadPool) {
    precondition(form.size != nil, "a classifier's pictures have one size")
    (self.model, self.form, self.normalization, self.pool) = (model, form, normalization, pool)
  }

  /// The scores on all samples of `source`, which have a class each.
  ///
  /// - Parameter progress: called after each batch with the number of images done.
  /// - Throws: `TrainingError` when a sample cannot be read or the model has another number of classes.
  public func evaluate(
    _ source: any SampleSource, progress: (Int) -> Void = { _ in }
  ) throws(TrainingError) -> ClassificationScores {
    precondition(source.truth == .label, "images have a class each")
    guard model.classes == source.classes.count else {
      throw .classCount(model: model.classes, data: source.classes.count, source: source.title)
    }
    var scores = ClassificationScores(classes: source.classes)
    let loader = BatchLoader(
      BatchPlan(source: source, batchSize: batchSize, form: form, normalization: normalization), epoch: 0,
      threads: min(2, pool.threads))
    while let batch = try loader.following() {
      let logits = try model.logits(of: batch.images)
      for (index, truth) in batch.labels.elements.enumerated() {
        scores.add(
          truth: Int(truth), logits: UnsafeBufferPointer(start: logits.pixel(index), count: model.classes))
      }
      progress(scores.images)
    }
    return scores
  }

  private var batchSize: Int {
    guard let size = form.size else { return 1 }
    return min(256, max(1, Self.elements / (size.width * size.height * form.channels)))
  }
}

extension BatchLoader {
  /// The next batch, its errors as those of a training.
  func following() throws(TrainingError) -> Batch? {
    do throws(DatasetError) { return try next() } catch { throw .data(error) }
  }
}

extension InferenceModel {
  /// The logits of pictures `[N, H, W, C]`, which lie in the plan until the next run.
  func logits(of images: Tensor) throws(TrainingError) -> TensorView {
    do throws(GraphError) {
      return try run(images.shape) { $0.copy(from: images) }
    } catch {
      throw .graph(error)
    }
  }
}
