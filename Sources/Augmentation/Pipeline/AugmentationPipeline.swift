import TensorCore

/// Transforms in order, each applied with a probability.
///
/// What happens to a sample depends on `(seed, epoch, index)` alone, not on the samples before it nor on the
/// thread that prepares it. Each stage draws from a stream of its own, so that a change of one stage's
/// parameters leaves the choices of the others as they were.
public struct AugmentationPipeline: Sendable {
  /// A transform and how often it is applied.
  public struct Stage: Sendable {
    /// The transform.
    public let transform: any Transform
    /// The share of samples that it is applied to, 0…1.
    public let probability: Float

    /// A stage; a probability outside of 0…1 is a caller's bug.
    public init(_ transform: any Transform, probability: Float = 1) {
      precondition((0...1).contains(probability), "a probability lies in 0…1")
      self.transform = transform
      self.probability = probability
    }
  }

  /// A transform of a batch and how often it is applied.
  private struct BatchStage: Sendable {
    let transform: any BatchTransform
    let probability: Float
  }

  /// What is done to a batch as a whole and how often.
  private struct MixUpStage: Sendable {
    let mixUp: MixUp
    let probability: Float
  }

  /// The stages in their order.
  public let stages: [Stage]
  /// What is done to the samples of a batch afterwards.
  private let batchStages: [BatchStage]
  /// What is done to a batch at the end.
  private let mixUpStage: MixUpStage?

  /// A pipeline of the given stages; none leaves samples as they are.
  public init(_ stages: [Stage] = []) { (self.stages, batchStages, mixUpStage) = (stages, [], nil) }

  /// The pipeline that a recipe describes; of several `mixUp` the last one counts.
  ///
  /// - Throws: `AugmentationError` for a parameter outside of its range.
  public init(_ steps: [AugmentationStep]) throws(AugmentationError) {
    var stages: [Stage] = []
    var batchStages: [BatchStage] = []
    var mixUpStage: MixUpStage?
    for step in steps {
      try step.validate()
      if let transform = step.transform {
        stages.append(Stage(transform, probability: step.probability))
      } else if let transform = step.batchTransform {
        batchStages.append(BatchStage(transform: transform, probability: step.probability))
      } else if let mixUp = step.mixUp {
        mixUpStage = MixUpStage(mixUp: mixUp, probability: step.probability)
      }
    }
    (self.stages, self.batchStages, self.mixUpStage) = (stages, batchStages, mixUpStage)
  }

  /// The changed sample of an epoch.
  ///
  /// - Parameters:
  ///   - index: the sample's place in its data source, which tells the samples of an epoch apart.
  public func apply(_ sample: Sample, seed: UInt64, epoch: Int, index: Int) -> Sample {
    var result = sample
    for (number, stage) in stages.enumerated() {
      var random = RandomStream(
        keys: seed, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index)), UInt64(number))
      if random.uniform() < stage.probability {
        result = stage.transform.apply(result, random: &random)
      }
    }
    return result
  }

  /// The samples of a batch, each changed by the one behind it, the last by the first; `indices` are theirs.
  ///
  /// Partners are the samples as they were, so that what was pasted once is not pasted on.
  public func mix(_ samples: [Sample], seed: UInt64, epoch: Int, indices: [Int]) -> [Sample] {
    precondition(samples.count == indices.count, "an index for each sample")
    var result = samples
    for (number, stage) in batchStages.enumerated() where samples.count > 1 {
      let partners = result
      for (place, index) in indices.enumerated() {
        var random = RandomStream(
          keys: seed, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index)),
          UInt64(stages.count + number))
        if random.uniform() < stage.probability {
          result[place] = stage.transform.apply(
            partners[place], partner: partners[(place + 1) % partners.count], random: &random)
        }
      }
    }
    return result
  }

  /// Whether batches are blended, so that a loss has to look at two truths.
  public var blendsBatches: Bool { mixUpStage != nil }

  /// The share that the samples of a batch keep of themselves, 1 for all; `index` is that of its first sample.
  public func share(seed: UInt64, epoch: Int, index: Int) -> Float {
    guard let mixUpStage else { return 1 }
    var random = RandomStream(
      keys: seed, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index)),
      UInt64(stages.count + batchStages.count))
    return random.uniform() < mixUpStage.probability ? mixUpStage.mixUp.share(random: &random) : 1
  }
}
