import Graphs
import TensorCore

/// Stochastic gradient descent with momentum as PyTorch writes it: `v ← m v + g + λ w`, `w ← w - η v`; with Nesterov
/// (Sutskever et al. 2013) `w ← w - η (g + λ w + m v)`.
public struct SGD: Optimiser {
  let momentum: Float
  let nesterov: Bool
  let decay: Float
  /// `NAME.momentum` for each parameter.
  public var state: [String: Tensor] = [:]

  /// An optimiser at its first step.
  public init(momentum: Float = 0.9, nesterov: Bool = false, decay: Float = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.decay = decay
  }

  /// One step.
  public mutating func step(_ parameters: [TrainedParameter], rate: Float, pool: ThreadPool) {
    let (momentum, nesterov) = (momentum, nesterov)
    for item in parameters {
      let decay = item.decays ? self.decay : 0
      let (weight, gradient) = (item.parameter, item.gradient)
      state.update("\(item.name).momentum", shape: item.shape) { velocity in
        pool.forEachChunk(of: velocity.count, size: optimiserChunk) { range in
          for index in range {
            let slope = gradient[index] + decay * weight[index]
            velocity[index] = momentum * velocity[index] + slope
            weight[index] -= rate * (nesterov ? slope + momentum * velocity[index] : velocity[index])
          }
        }
      }
    }
  }
}
