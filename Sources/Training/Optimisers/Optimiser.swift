import Graphs
import TensorCore

/// Changes parameters by their gradients, step by step, and keeps what it needs from one step to the next.
public protocol Optimiser {
  /// One step at learning rate `rate`, counted from 0.
  mutating func step(_ parameters: [TrainedParameter], rate: Float, pool: ThreadPool)
  /// What must be kept to go on later exactly as if training had not stopped, by name.
  var state: [String: Tensor] { get set }
}

/// Which optimiser a recipe asks for, with its settings.
public enum OptimiserKind: Sendable, Equatable {
  /// Stochastic gradient descent.
  case sgd(momentum: Float, nesterov: Bool)
  /// Adam; decoupled weight decay makes it AdamW.
  case adam(beta1: Float, beta2: Float, epsilon: Float, decoupled: Bool)
  /// RMSprop.
  case rmsprop(smoothing: Float, momentum: Float, epsilon: Float, centered: Bool)

  /// An optimiser at its first step.
  ///
  /// - Parameter decay: weight decay, applied to weights of convolutions and dense layers only.
  public func make(decay: Float) -> any Optimiser {
    switch self {
    case .sgd(let momentum, let nesterov):
      SGD(momentum: momentum, nesterov: nesterov, decay: decay)
    case .adam(let beta1, let beta2, let epsilon, let decoupled):
      Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay, decoupled: decoupled)
    case .rmsprop(let smoothing, let momentum, let epsilon, let centered):
      RMSprop(smoothing: smoothing, momentum: momentum, epsilon: epsilon, centered: centered, decay: decay)
    }
  }
}

extension [String: Tensor] {
  /// The tensor of that name, made of zeros the first time; given to `body` to change in place.
  mutating func update(
    _ name: String, shape: Shape, _ body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    self[name, default: Tensor(zeros: shape)].withUnsafeMutableElements(body)
  }
}

/// Elements that a thread changes at a time.
let optimiserChunk = 1 << 16
