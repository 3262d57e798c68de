import TensorCore

/// One way to the gradient of a linear operator's weight for one shape; a plan picks it as it does an `Algorithm`.
public protocol WeightGradientAlgorithm: Sendable {
  /// What per-layer listings show, such as `patches`.
  var name: String { get }
  /// Multiply-accumulates of its matrix products.
  var products: Int { get }
  /// Elements of scratch memory on so many threads.
  func workspace(threads: Int) -> Int
  /// Writes the gradient in PyTorch's shape `OIHW`.
  func run(
    input: TensorView, outputGradient: TensorView, into gradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool)
}
