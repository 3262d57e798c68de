import Graphs
import TensorCore

/// The exponential moving average of all parameters, running statistics among them (Polyak and Juditsky 1992, as
/// Tan and Le 2019, arXiv:1905.11946, §5 use it): `a ← d a + (1 - d) w` after each step.
///
/// In the beginning the average would be that of initial weights: `d` is at most `(1 + t) / (10 + t)` at step `t`.
struct WeightAverage {
  private(set) var tensors: [String: Tensor]
  private let decay: Float

  /// The average at the start: the parameters as they stand, or as they were saved.
  init(_ tensors: [String: Tensor], decay: Float) { (self.tensors, self.decay) = (tensors, decay) }

  /// Takes in the parameters after step `step` of the whole training, counted from 0.
  mutating func update(_ store: ParameterStore, step: Int, pool: ThreadPool) throws(TrainingError) {
    let decay = min(decay, Float(1 + step) / Float(10 + step))
    for name in tensors.keys.sorted() {
      let weight: UnsafeMutablePointer<Float>
      do throws(GraphError) { weight = try store.pointer(name) } catch { throw .graph(error) }
      tensors[name]?.withUnsafeMutableElements { average in
        pool.forEachChunk(of: average.count, size: optimiserChunk) { range in
          for index in range { average[index] += (1 - decay) * (weight[index] - average[index]) }
        }
      }
    }
  }
}
