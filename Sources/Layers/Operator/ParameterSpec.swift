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
}
