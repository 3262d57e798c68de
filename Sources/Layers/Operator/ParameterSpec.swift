import TensorCore

/// A parameter that an operator reads: its name within the node, its shape, and how it starts.
public struct ParameterSpec: Hashable, Sendable {
  /// The last part of the dotted name, such as `weight`.
  public let name: String
  /// PyTorch's shape.
  public let shape: Shape
  /// How it is filled before training.
  public let initializer: Initializer
  /// Whether an optimiser changes it; batch norm's running statistics are not trained.
  public let isTrained: Bool
  /// Whether weight decay applies: to weights of convolutions and dense layers, not to biases and batch norm.
  public let decays: Bool

  /// A parameter of a node.
  public init(
    _ name: String, _ shape: Shape, _ initializer: Initializer, isTrained: Bool = true, decays: Bool = false
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.isTrained = isTrained
    self.decays = decays
  }
}

/// How a parameter is filled before training.
public enum Initializer: Hashable, Sendable {
  /// One value everywhere.
  case constant(Float)
  /// Uniform in `-bound...bound`; PyTorch's default for convolutions is `1 / sqrt(fan in)`.
  case uniform(bound: Float)
  /// Normal with deviation `sqrt(2 / fanIn)` (He et al. 2015, arXiv:1502.01852, equation 10).
  case heNormal(fanIn: Int)
  /// A bilinear upsampling kernel on the diagonal of `[I, O, K, K]` (Long et al. 2015, arXiv:1411.4038, §4.3).
  case bilinear
  /// A `[O, I, K, K]` kernel that keeps the feature maps of `maps` classes, with normal noise of `deviation` times its
  /// centre everywhere else (Yu and Koltun 2016, arXiv:1511.07122, equations 4 and 5).
  ///
  /// Where `I` and `O` are multiples of `maps`, each map is held by `I / maps` and passed to `O / maps` channels.
  case identity(maps: Int, deviation: Float)

  /// A tensor of this start; what it draws depends on `stream` alone.
  public func tensor(_ shape: Shape, from stream: inout RandomStream) -> Tensor {
    var tensor = Tensor(zeros: shape)
    tensor.withUnsafeMutableElements { elements in
      switch self {
      case .constant(let value):
        elements.update(repeating: value)
      case .uniform(let bound):
        for index in elements.indices { elements[index] = stream.uniform(in: -bound...bound) }
      case .heNormal(let fanIn):
        let deviation = (2 / Float(fanIn)).squareRoot()
        for index in elements.indices { elements[index] = stream.normal() * deviation }
      case .bilinear:
        Self.fillBilinear(elements, shape)
      case .identity(let maps, let deviation):
        Self.fillIdentity(elements, shape, maps: maps, deviation: deviation, &stream)
      }
    }
    return tensor
  }

  private static func fillBilinear(_ elements: UnsafeMutableBufferPointer<Float>, _ shape: Shape) {
    precondition(shape[2] == shape[3], "a bilinear kernel is square")
    let (outputs, size) = (shape[1], shape[3])
    let factor = Float((size + 1) / 2)
    let center = size % 2 == 1 ? factor - 1 : factor - 0.5
    for channel in 0..<min(shape[0], outputs) {
      let base = (channel * outputs + channel) * size * size
      for row in 0..<size {
        for column in 0..<size {
          elements[base + row * size + column] =
            (1 - abs(Float(row) - center) / factor) * (1 - abs(Float(column) - center) / factor)
        }
      }
    }
  }

  private static func fillIdentity(
    _ elements: UnsafeMutableBufferPointer<Float>, _ shape: Shape, maps: Int, deviation: Float,
    _ stream: inout RandomStream
  ) {
    let (outputs, inputs, taps) = (shape[0], shape[1], shape[2] * shape[3])
    let center = shape[2] / 2 * shape[3] + shape[3] / 2
    let share = Float(maps) / Float(outputs)
    for output in 0..<outputs {
      for input in 0..<inputs {
        let isSameMap = output * maps / outputs == input * maps / inputs
        for tap in 0..<taps {
          let place = (output * inputs + input) * taps + tap
          if isSameMap && tap == center {
            elements[place] = share
          } else if deviation > 0 {
            elements[place] = stream.normal() * deviation * share
          }
        }
      }
    }
  }
}
