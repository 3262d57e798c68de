import Datasets
import Graphs
import Layers
import TensorCore

/// Predicts the class of every image of a split, in batches, and counts.
public struct ClassificationEvaluator {
  /// A network, with how it takes its pictures.
  public struct Member {
    let model: InferenceModel
    let form: InputForm
    let normalization: Normalization

    /// A network that takes pictures of this form, of a fixed size, and normalisation.
    public init(_ model: InferenceModel, form: InputForm, normalization: Normalization) {
      precondition(form.size != nil, "a classifier's pictures have one size")
      (self.model, self.form, self.normalization) = (model, form, normalization)
    }
  }

  private let members: [Member]
  private let pool: ThreadPool

  /// Elements of the images of a batch, about: enough that small images keep all threads busy, few enough that large
  /// ones need little memory.
  fileprivate static let elements = 1 << 20

  /// An evaluator of a network, or of the mean of the probabilities that several give; at least one.
  public init(_ members: [Member], pool: ThreadPool) {
    precondition(!members.isEmpty, "at least one network")
    (self.members, self.pool) = (members, pool)
  }

  /// The scores on all samples of `source`, which have a class each.
  ///
  /// - Parameter progress: called after each batch with the number of images done; what it throws ends the evaluation.
  /// - Throws: `TrainingError` when a sample cannot be read or a model has another number of classes.
  public func evaluate(
    _ source: any SampleSource, progress: (Int) throws(TrainingError) -> Void = { _ in }
  ) throws(TrainingError) -> ClassificationScores {
    precondition(source.truth == .label, "images have a class each")
    let classes = source.classes.count
    for member in members where member.model.classes != classes {
      throw .classCount(model: member.model.classes, data: classes, source: source.title)
    }
    var scores = ClassificationScores(classes: source.classes)
    let size = members.map(\.batchSize).min() ?? 1
    let loaders = members.map { member in
      let plan = BatchPlan(
        source: source, batchSize: size, form: member.form, normalization: member.normalization)
      return BatchLoader(plan, epoch: 0, threads: min(2, pool.threads))
    }
    while let (values, labels) = try next(loaders) {
      for (index, truth) in labels.enumerated() {
        scores.add(truth: Int(truth), values: Array(values[index * classes..<(index + 1) * classes]))
      }
      try progress(scores.images)
    }
    return scores
  }

  /// What decides the class, logits or probabilities, and the labels of the next batch; `nil` after the last.
  private func next(
    _ loaders: [BatchLoader]
  ) throws(TrainingError) -> (values: [Float], labels: [Float])? {
    var labels: [Float] = []
    var mean = ProbabilityMean()
    for (member, loader) in zip(members, loaders) {
      guard let batch = try loader.following() else { return nil }
      labels = batch.labels.elements
      let logits = try member.model.logits(of: batch.images)
      if members.count == 1 { return (logits.tensor().elements, labels) }
      mean.add(logits, pool: pool)
    }
    return (mean.mean()?.elements ?? [], labels)
  }
}

extension ClassificationEvaluator.Member {
  fileprivate var batchSize: Int {
    guard let size = form.size else { return 1 }
    return min(256, max(1, ClassificationEvaluator.elements / (size.width * size.height * form.channels)))
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
