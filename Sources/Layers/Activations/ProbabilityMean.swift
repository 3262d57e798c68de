import TensorCore

/// The mean of the class probabilities that several networks give, as AlexNet's ensembles have it (Krizhevsky et al.
/// 2012, NIPS 25, section 6).
public struct ProbabilityMean {
  private var sum: Tensor?
  private var count: Float = 0

  /// No network yet.
  public init() {}

  /// Adds the softmax of a network's logits `[N, H, W, C]`, which have one shape for all networks.
  public mutating func add(_ logits: TensorView, pool: ThreadPool) {
    let probabilities = logits.softmax(pool: pool)
    count += 1
    guard var total = sum.take() else {
      sum = probabilities
      return
    }
    precondition(total.shape == probabilities.shape, "networks of one mean have the same classes")
    total.withUnsafeMutableElements { total in
      probabilities.withUnsafeElements { added in
        for index in total.indices { total[index] += added[index] }
      }
    }
    sum = total
  }

  /// The most probable class of each pixel of the first image; none before a network was added.
  public mutating func labels(pool: ThreadPool) -> [UInt8] {
    guard let shape = sum?.shape else { return [] }
    return sum?.withUnsafeMutableElements { elements in
      elements.baseAddress.map { TensorView($0, shape: shape).argMax(pool: pool) }
    } ?? []
  }

  /// The mean `[N, H, W, C]`; `nil` before a network was added.
  public func mean() -> Tensor? {
    guard var mean = sum, count > 1 else { return sum }
    let share = 1 / count
    mean.withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] *= share }
    }
    return mean
  }
}
