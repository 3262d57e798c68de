import TensorCore

/// A linear layer with a weight, perhaps a bias, and perhaps an activation behind them: what batch norm folds
/// into and an activation fuses with.
public protocol FoldableOperator: Operator {
  /// Whether a bias is added.
  var bias: Bool { get }
  /// What is applied to the sum.
  var activation: Activation { get }
  /// The axis of the weight that counts output channels.
  var outputAxis: Int { get }
  /// The same layer with a bias and this activation.
  func withBias(activation: Activation) -> any FoldableOperator
  /// The same layer with this activation.
  func with(activation: Activation) -> any FoldableOperator
}
