import Graphs
import TensorCore

/// What is done to gradients before an optimiser sees them.
public enum Gradients {
  /// The Euclidean norm of all gradients taken as one vector; sums are in `Double`, over chunks of a fixed size.
  public static func norm(_ parameters: [TrainedParameter], pool: ThreadPool) -> Float {
    var sum = 0.0
    for item in parameters {
      let gradient = item.gradient
      let chunks = (item.shape.count + optimiserChunk - 1) / optimiserChunk
      var parts = [Double](repeating: 0, count: chunks)
      parts.withUnsafeMutableBufferPointer { parts in
        pool.forEachChunk(of: item.shape.count, size: optimiserChunk) { range in
          var part = 0.0
          for index in range { part += Double(gradient[index]) * Double(gradient[index]) }
          parts[range.lowerBound / optimiserChunk] = part
        }
      }
      sum = parts.reduce(sum, +)
    }
    return Float(sum.squareRoot())
  }

  /// Makes the norm at most `limit` (Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1; PyTorch's
  /// `clip_grad_norm_` adds the same 1e-6 to the norm); gives the norm as it was.
  @discardableResult public static func clip(
    _ parameters: [TrainedParameter], to limit: Float, pool: ThreadPool
  ) -> Float {
    let norm = norm(parameters, pool: pool)
    let factor = limit / (norm + 1e-6)
    if factor < 1 { scale(parameters, by: factor, pool: pool) }
    return norm
  }

  fileprivate static func scale(_ parameters: [TrainedParameter], by factor: Float, pool: ThreadPool) {
    for item in parameters {
      let gradient = item.gradient
      pool.forEachChunk(of: item.shape.count, size: optimiserChunk) { range in
        for index in range { gradient[index] *= factor }
      }
    }
  }
}

/// The mean of the gradients of several batches.
struct GradientSum {
  private var sums: [String: Tensor] = [:]
  private var batches = 0

  /// Adds the gradients that a backward run has just written.
  mutating func add(_ parameters: [TrainedParameter], pool: ThreadPool) {
    batches += 1
    for item in parameters {
      let gradient = item.gradient
      sums.update(item.name, shape: item.shape) { sum in
        pool.forEachChunk(of: sum.count, size: optimiserChunk) { range in
          for index in range { sum[index] += gradient[index] }
        }
      }
    }
  }

  /// Puts the mean where the gradients were, and starts anew.
  mutating func finish(into parameters: [TrainedParameter], pool: ThreadPool) {
    for item in parameters {
      sums[item.name]?.withUnsafeElements { sum in
        if let base = sum.baseAddress { item.gradient.update(from: base, count: sum.count) }
      }
    }
    Gradients.scale(parameters, by: 1 / Float(max(1, batches)), pool: pool)
    self = GradientSum()
  }
}
