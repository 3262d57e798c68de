import Augmentation
import TensorCore

/// Which samples an epoch's batches hold and what is done to them: everything that a batch depends on.
public struct BatchPlan: Sendable {
  /// The samples.
  public var source: any SampleSource
  /// Samples in a batch.
  public var batchSize: Int
  /// What is done to each sample.
  public var pipeline: AugmentationPipeline
  /// How the network takes its pictures.
  public var form: InputForm
  /// What is done to the colours at the end.
  public var normalization: Normalization
  /// The seed of order and augmentation.
  public var seed: UInt64
  /// Whether each epoch has an order of its own; otherwise samples come as the source counts them.
  public var shuffles: Bool
  /// Whether a last batch with fewer samples is left out, unless it is the only one.
  public var dropsLast: Bool

  /// A plan; without a pipeline samples stay as they are.
  public init(
    source: any SampleSource, batchSize: Int, pipeline: AugmentationPipeline = AugmentationPipeline(),
    form: InputForm = InputForm(), normalization: Normalization = .imageNet, seed: UInt64 = 0,
    shuffles: Bool = false,
    dropsLast: Bool = false
  ) {
    precondition(batchSize >= 1, "a batch has samples")
    self.source = source
    self.batchSize = batchSize
    self.pipeline = pipeline
    self.form = form
    self.normalization = normalization
    self.seed = seed
    self.shuffles = shuffles
    self.dropsLast = dropsLast
  }

  /// The number of batches of an epoch.
  public var batches: Int {
    let whole = source.count / batchSize
    if source.count % batchSize == 0 || (dropsLast && whole > 0) { return whole }
    return whole + 1
  }

  /// The indices of the samples in the order of an epoch.
  public func order(epoch: Int) -> [Int] {
    guard shuffles else { return Array(0..<source.count) }
    // The last key keeps this stream apart from those of the samples, which have four keys.
    var random = RandomStream(keys: seed, UInt64(bitPattern: Int64(epoch)), 0x6F72_6465_72)
    return random.permutation(source.count)
  }

  /// Reads, changes and joins the samples of one batch of an epoch.
  func batch(_ number: Int, order: [Int], epoch: Int) throws(DatasetError) -> Batch {
    var samples: [Sample] = []
    var names: [String] = []
    let indices = Array(order[number * batchSize..<min(order.count, (number + 1) * batchSize)])
    for index in indices {
      let sample = try source.sample(at: index)
      samples.append(form.fitted(pipeline.apply(sample, seed: seed, epoch: epoch, index: index)))
      names.append(source.name(at: index))
    }
    samples = pipeline.mix(samples, seed: seed, epoch: epoch, indices: indices)
    let batch = try Batch(samples, names: names, normalization: normalization, channels: form.channels)
    guard pipeline.blendsBatches else { return batch }
    // A sample that is alone has no partner.
    let share = samples.count > 1 ? pipeline.share(seed: seed, epoch: epoch, index: indices[0]) : 1
    return batch.blended(share: share)
  }
}
