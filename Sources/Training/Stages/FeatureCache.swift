import Datasets
import Graphs
import TensorCore

/// What the trunk gives for every sample, in memory: computed once, because neither the samples nor the trunk change.
struct FeatureCache {
  /// One input of the head for all samples.
  struct Feature {
    let name: String
    /// That of one sample, `[1, H, W, C]`.
    let shape: Shape
    var elements: [Float]
  }

  private(set) var features: [Feature] = []
  /// That of one sample's labels.
  private(set) var labelShape: Shape = [1, 1, 1, 1]
  private var labels: [Float] = []

  /// Runs every sample of `plan` through `make`, in batches of the plan's size, filled up at the end, so that the
  /// numbers are those of training without a cache.
  ///
  /// - Parameter make: the head's inputs for pictures.
  /// - Throws: `TrainingError` for a sample that cannot be read, and when memory does not suffice.
  init(
    _ plan: BatchPlan, budget: MemoryBudget = .standard,
    _ make: (Tensor) throws(TrainingError) -> [StepInput]
  ) throws(TrainingError) {
    var plan = plan
    (plan.shuffles, plan.dropsLast) = (false, false)
    let loader = BatchLoader(plan, epoch: 0)
    while let batch = try loader.following() {
      let inputs = try make(batch.images.filled(to: plan.batchSize))
      if features.isEmpty { try prepare(inputs, batch, plan.source.count, budget) }
      for (index, input) in inputs.enumerated() {
        let count = batch.names.count * features[index].shape.count
        var values = Tensor(zeros: input.shape)
        values.withUnsafeMutableElements { target in
          if let base = target.baseAddress { input.write(TensorView(base, shape: input.shape)) }
        }
        features[index].elements += values.elements.prefix(count)
      }
      labels += batch.labels.elements
    }
  }

  private mutating func prepare(
    _ inputs: [StepInput], _ batch: Batch, _ count: Int, _ budget: MemoryBudget
  ) throws(TrainingError) {
    features = inputs.map {
      Feature(name: $0.name, shape: $0.shape.with(batch: 1), elements: [])
    }
    labelShape = batch.labels.shape.with(batch: 1)
    let bytes = features.reduce(labelShape.count) { $0 + $1.shape.count } * count * MemoryLayout<Float>.stride
    do throws(MemoryError) {
      try budget.check(bytes, for: "the features of \(count) images")
    } catch {
      throw .graph(.memory(error))
    }
    for index in features.indices {
      features[index].elements.reserveCapacity(count * features[index].shape.count)
    }
  }

  /// The head's inputs and the labels of some samples.
  func inputs(_ samples: [Int]) -> [StepInput] {
    features.map { feature in
      StepInput(name: feature.name, shape: feature.shape.with(batch: samples.count)) {
        Self.copy(feature.elements, feature.shape.count, samples, to: $0)
      }
    } + [
      StepInput(name: Graph.labelsInput, shape: labelShape.with(batch: samples.count)) {
        Self.copy(labels, labelShape.count, samples, to: $0)
      }
    ]
  }

  private static func copy(_ elements: [Float], _ count: Int, _ samples: [Int], to target: TensorView) {
    precondition(target.isContiguous, "an input lies in one run")
    elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for (place, sample) in samples.enumerated() {
        (target.pointer + place * count).update(from: base + sample * count, count: count)
      }
    }
  }
}

extension Tensor {
  /// Pictures `[N, H, W, C]`, the last one again until there are `count`.
  fileprivate func filled(to count: Int) -> Tensor {
    guard shape.batch < count else { return self }
    let last = elements.suffix(self.count / shape.batch)
    let more = (shape.batch..<count).flatMap { _ in last }
    return Tensor(elements + more, shape: shape.with(batch: count))
  }
}
