import TensorCore

/// A way to run a linear layer that can take the largest values of windows of 2×2 while it writes them, so that nobody
/// reads them again for it.
package protocol PoolingAlgorithm: Algorithm {
  /// Whether it can with its settings.
  var pools: Bool { get }
  /// As `Algorithm.run`; `pooled` is `nil` where nothing is pooled.
  func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, pooled: PooledOutput?, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool)
}

extension PoolingAlgorithm {
  /// Pools nothing.
  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    run(
      input, packed: packed, bias: bias, addend: addend, output: output, pooled: nil, workspace: workspace,
      pool: pool)
  }
}

/// The largest values of an output's windows of 2×2.
package struct PooledOutput {
  /// `[N, H / 2, W / 2, C]` for an output `[N, H, W, C]`.
  package let view: TensorView
  /// Whether nobody reads the output itself, so that it is not written.
  package let isAlone: Bool

  /// Pools to a view.
  package init(_ view: TensorView, isAlone: Bool) { (self.view, self.isAlone) = (view, isAlone) }
}
