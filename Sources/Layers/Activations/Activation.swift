import CKernels

/// A function of single elements, by itself (`ActivationLayer`) or fused behind another operator.
///
/// Every one has a derivative that follows from its output, so that backward need not keep the input.
public enum Activation: Hashable, Sendable {
  /// `x`.
  case identity
  /// `max(0, x)`; its derivative at 0 is 0.
  case relu
  /// `x` above 0, `slope · x` below (Maas et al. 2013, "Rectifier nonlinearities improve neural network
  /// acoustic models"); `slope` is at least 0.
  case leakyReLU(slope: Float)
  /// `x` above 0, `alpha · (exp(x) - 1)` below (Clevert et al. 2015, arXiv:1511.07289); `alpha` is at least
  /// 0.
  case elu(alpha: Float)
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// `log(1 + exp(x))`.
  case softplus

  /// PyTorch's name in small letters, such as `leaky_relu`.
  public var name: String {
    switch self {
    case .identity: "identity"
    case .relu: "relu"
    case .leakyReLU: "leaky_relu"
    case .elu: "elu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .softplus: "softplus"
    }
  }

  /// Replaces `count` elements at `pointer`; NaN stays NaN.
  public func apply(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    switch self {
    case .identity: break
    case .relu:
      for index in 0..<count {
        let value = pointer[index]
        pointer[index] = 0 > value ? 0 : value
      }
    case .leakyReLU(let slope):
      for index in 0..<count {
        let value = pointer[index]
        pointer[index] = value > 0 ? value : slope * value
      }
    case .elu(let alpha): tsr_elu(count, alpha, pointer, pointer)
    case .sigmoid: tsr_sigmoid(count, pointer, pointer)
    case .tanh: tsr_tanh(count, pointer, pointer)
    case .softplus: tsr_softplus(count, pointer, pointer)
    }
  }

  /// Writes the function of `count` elements of `source` to `target`, which is `source` itself or apart from
  /// it.
  public func apply(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int) {
    switch self {
    case .identity, .relu, .leakyReLU:
      if UnsafePointer(target) != source { target.update(from: source, count: count) }
      apply(target, count)
    case .elu(let alpha): tsr_elu(count, alpha, source, target)
    case .sigmoid: tsr_sigmoid(count, source, target)
    case .tanh: tsr_tanh(count, source, target)
    case .softplus: tsr_softplus(count, source, target)
    }
  }

  /// Writes `gradient` times the derivative, which it finds from the function's `output`, to `target`.
  ///
  /// - Parameters:
  ///   - output: what `apply` wrote.
  ///   - gradient: of the output.
  ///   - target: where the gradient of the input goes; may be `gradient`.
  public func applyDerivative(
    output: UnsafePointer<Float>, gradient: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch self {
    case .identity:
      if UnsafePointer(target) != gradient { target.update(from: gradient, count: count) }
    case .relu: tsr_relu_gradient(count, 0, output, gradient, target)
    case .leakyReLU(let slope): tsr_relu_gradient(count, slope, output, gradient, target)
    case .elu(let alpha): tsr_elu_gradient(count, alpha, output, gradient, target)
    case .sigmoid: tsr_sigmoid_gradient(count, output, gradient, target)
    case .tanh: tsr_tanh_gradient(count, output, gradient, target)
    case .softplus: tsr_softplus_gradient(count, output, gradient, target)
    }
  }

  /// Throws when the output would not tell the derivative: a negative slope makes outputs of both signs
  /// alike.
  func check(in label: String) throws(LayerError) {
    switch self {
    case .leakyReLU(let slope) where !(slope >= 0):
      throw .setting(
        operator: label, name: "slope in percent", expected: "of 0 or more", found: percent(slope))
    case .elu(let alpha) where !(alpha >= 0):
      throw .setting(
        operator: label, name: "alpha in percent", expected: "of 0 or more", found: percent(alpha))
    default: break
    }
  }
}

/// A fraction in percent for a message; 0 for NaN.
func percent(_ fraction: Float) -> Int {
  let value = (Double(fraction) * 100).rounded()
  return value.isNaN ? 0 : Int(max(-1e9, min(1e9, value)))
}
