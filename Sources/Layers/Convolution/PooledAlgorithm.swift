import TensorCore

/// A way to convolve of which the largest values of windows of 2×2 alone are written.
///
/// One that does not pool itself writes to scratch memory first.
package struct PooledAlgorithm: Algorithm {
  /// What convolves.
  package let base: any Algorithm
  /// The shape of what it gives.
  private let all: Shape

  /// Pools what `base` gives, of shape `all`.
  package init(_ base: any Algorithm, all: Shape) { (self.base, self.all) = (base, all) }

  /// The algorithm as one that pools itself.
  private var pooling: (any PoolingAlgorithm)? {
    guard let pooling = base as? any PoolingAlgorithm, pooling.pools else { return nil }
    return pooling
  }

  package var name: String { base.name }
  package var products: Int { base.products }
  package var packing: String { base.packing }
  package var packedCount: Int { base.packedCount }

  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    base.pack(weight, into: packed, pool: pool)
  }

  package func workspace(threads: Int) -> Int {
    base.workspace(threads: threads) + (pooling == nil ? all.count : 0)
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = PooledOutput(output, isAlone: true)
    if let pooling {
      // The first view only says where values would lie.
      pooling.run(
        input, packed: packed, bias: bias, addend: addend, output: TensorView(workspace, shape: all),
        pooled: pooled, workspace: workspace, pool: pool)
    } else {
      let values = TensorView(workspace, shape: all)
      base.run(
        input, packed: packed, bias: bias, addend: addend, output: values, workspace: workspace + all.count,
        pool: pool)
      pooled.takeLargest(of: values, pool: pool)
    }
  }
}
