import Graphs
import TensorCore

/// RMSprop (Tieleman and Hinton 2012, lecture 6.5) as PyTorch writes it: `s ← α s + (1 - α) g²`,
/// `b ← m b + g / (√s + ε)`, `w ← w - η b`; centred (Graves 2013, arXiv:1308.0850, §4.2), the root is that of
/// `s - a²`, `a` being the mean of gradients.
public struct RMSprop: Optimiser {
  let smoothing: Float
  let momentum: Float
  let epsilon: Float
  let centered: Bool
  let decay: Float
  private var squares: [String: Tensor] = [:]
  private var velocities: [String: Tensor] = [:]
  private var means: [String: Tensor] = [:]

  /// An optimiser at its first step.
  ///
  /// - Parameter smoothing: α, the share of the old mean in the new one.
  public init(
    smoothing: Float = 0.99, momentum: Float = 0, epsilon: Float = 1e-8, centered: Bool = false,
    decay: Float = 0
  ) {
    self.smoothing = smoothing
    self.momentum = momentum
    self.epsilon = epsilon
    self.centered = centered
    self.decay = decay
  }

  /// `NAME.square`, `NAME.momentum` and `NAME.mean` for each parameter.
  public var state: [String: Tensor] {
    get {
      var state: [String: Tensor] = [:]
      for (name, tensor) in squares { state["\(name).square"] = tensor }
      for (name, tensor) in velocities { state["\(name).momentum"] = tensor }
      for (name, tensor) in means { state["\(name).mean"] = tensor }
      return state
    }
    set {
      (squares, velocities, means) = ([:], [:], [:])
      for (name, tensor) in newValue {
        if name.hasSuffix(".square") { squares[String(name.dropLast(7))] = tensor }
        if name.hasSuffix(".momentum") { velocities[String(name.dropLast(9))] = tensor }
        if name.hasSuffix(".mean") { means[String(name.dropLast(5))] = tensor }
      }
    }
  }

  /// One step.
  public mutating func step(_ parameters: [TrainedParameter], rate: Float, pool: ThreadPool) {
    let (smoothing, momentum, epsilon, centered) = (smoothing, momentum, epsilon, centered)
    for item in parameters {
      let decay = item.decays ? self.decay : 0
      let (weight, gradient) = (item.parameter, item.gradient)
      // Three dictionaries, because one cannot be changed in two places at once.
      squares.update(item.name, shape: item.shape) { square in
        velocities.update(item.name, shape: item.shape) { velocity in
          means.update(item.name, shape: item.shape) { mean in
            pool.forEachChunk(of: square.count, size: optimiserChunk) { range in
              for index in range {
                let slope = gradient[index] + decay * weight[index]
                square[index] = smoothing * square[index] + (1 - smoothing) * slope * slope
                var spread = square[index]
                if centered {
                  mean[index] += (1 - smoothing) * (slope - mean[index])
                  // Rounding could make it negative.
                  spread = max(0, spread - mean[index] * mean[index])
                }
                velocity[index] = momentum * velocity[index] + slope / (spread.squareRoot() + epsilon)
                weight[index] -= rate * velocity[index]
              }
            }
          }
        }
      }
    }
  }
}
