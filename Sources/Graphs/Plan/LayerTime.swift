import Layers

/// What one layer takes in one direction.
public struct LayerTime: Sendable {
  /// The node's dotted name.
  public let name: String
  /// Its operator, such as `conv2d`.
  public let label: String
  /// Forward, or backward with the gradients of its parameters.
  public let direction: Direction
  /// How it is computed: an algorithm, or two for input and weight; empty where there is one way only.
  public let algorithms: [String]
  /// Multiply-accumulates by the layer's definition.
  public let macs: Int
  /// Multiply-accumulates of the matrix products that the algorithms make of it.
  public let products: Int
  /// The median of its runs.
  public let duration: Duration

  /// What a layer took.
  public init(
    name: String, label: String, direction: Direction, algorithms: [String], macs: Int, products: Int,
    duration: Duration
  ) {
    (self.name, self.label, self.direction, self.algorithms) = (name, label, direction, algorithms)
    (self.macs, self.products, self.duration) = (macs, products, duration)
  }
}
