import TensorCore

/// A parameter with its gradient, as an optimiser sees it.
public struct TrainedParameter {
  /// The full dotted name.
  public let name: String
  /// PyTorch's shape.
  public let shape: Shape
  /// Whether weight decay applies.
  public let decays: Bool
  /// The values.
  public let parameter: UnsafeMutablePointer<Float>
  /// The gradient that the last backward run wrote.
  public let gradient: UnsafeMutablePointer<Float>

  /// A parameter of `shape.count` values, with as many of its gradient; whoever makes it keeps both alive.
  public init(
    name: String, shape: Shape, decays: Bool, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) {
    (self.name, self.shape, self.decays) = (name, shape, decays)
    (self.parameter, self.gradient) = (parameter, gradient)
  }
}
