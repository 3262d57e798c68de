import Graphs
import TensorCore

/// Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1); with decoupled weight decay, AdamW (Loshchilov and
/// Hutter 2019, arXiv:1711.05101).
public struct Adam: Optimiser {
  let beta1: Float
  let beta2: Float
  let epsilon: Float
  let decay: Float
  let decoupled: Bool
  private var means: [String: Tensor] = [:]
  private var squares: [String: Tensor] = [:]
  private var steps = 0

  /// An optimiser at its first step.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0,
    decoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    self.decoupled = decoupled
  }

  /// `NAME.mean` and `NAME.square` for each parameter, and the count of `steps`.
  public var state: [String: Tensor] {
    get {
      var state = ["steps": Tensor([Float(steps)], shape: [1])]
      for (name, tensor) in means { state["\(name).mean"] = tensor }
      for (name, tensor) in squares { state["\(name).square"] = tensor }
      return state
    }
    set {
      (means, squares) = ([:], [:])
      for (name, tensor) in newValue {
        if name.hasSuffix(".mean") { means[String(name.dropLast(5))] = tensor }
        if name.hasSuffix(".square") { squares[String(name.dropLast(7))] = tensor }
      }
      steps = newValue["steps"]?.elements.first.flatMap { Int(exactly: $0) }.map { max(0, $0) } ?? 0
    }
  }

  /// One step.
  public mutating func step(_ parameters: [TrainedParameter], rate: Float, pool: ThreadPool) {
    steps += 1
    // Powers by repeated products in `Double`: the same on every platform.
    let (first, second) = (Self.power(beta1, steps), Self.power(beta2, steps))
    let scale = rate / Float(1 - first)
    let root = Float((1 - second).squareRoot())
    let (beta1, beta2, epsilon, decoupled) = (beta1, beta2, epsilon, decoupled)
    for item in parameters {
      let decay = item.decays ? self.decay : 0
      let (weight, gradient) = (item.parameter, item.gradient)
      // Two dictionaries, because one cannot be changed in two places at once.
      means.update(item.name, shape: item.shape) { mean in
        squares.update(item.name, shape: item.shape) { square in
          pool.forEachChunk(of: mean.count, size: optimiserChunk) { range in
            for index in range {
              var slope = gradient[index]
              if decoupled {
                weight[index] *= 1 - rate * decay
              } else {
                slope += decay * weight[index]
              }
              mean[index] = beta1 * mean[index] + (1 - beta1) * slope
              square[index] = beta2 * square[index] + (1 - beta2) * slope * slope
              weight[index] -= scale * mean[index] / (square[index].squareRoot() / root + epsilon)
            }
          }
        }
      }
    }
  }

  private static func power(_ base: Float, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, Double(base), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
