import CKernels
import TensorCore

/// A way to run a linear layer that can take the largest values of windows of 2×2 while it writes them, so that nobody
/// reads them again for it.
package protocol PoolingAlgorithm: Algorithm {
  /// Whether it can with its settings.
  var pools: Bool { get }
  /// As `Algorithm.run`, but that `output` is only a place where nothing is written if the largest values are taken
  /// alone; `pooled` is `nil` where nothing is pooled.
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
  /// Whether the output itself is not written.
  package let isAlone: Bool

  /// Pools to a view.
  package init(_ view: TensorView, isAlone: Bool) { (self.view, self.isAlone) = (view, isAlone) }

  /// Takes the largest of values that were written before.
  func takeLargest(of values: TensorView, pool: ThreadPool) {
    pool.forEachImageRow(of: view.shape) { image, row in
      for x in 0..<view.shape.width {
        let (above, below) = (values.pixel(image, 2 * row, 2 * x), values.pixel(image, 2 * row + 1, 2 * x))
        let pixels = (
          UnsafePointer(above), UnsafePointer(above + values.pixelStride), UnsafePointer(below),
          UnsafePointer(below + values.pixelStride)
        )
        withUnsafePointer(to: pixels) { pixels in
          let pixels = UnsafeRawPointer(pixels).assumingMemoryBound(to: UnsafePointer<Float>?.self)
          tsr_largest_of_four(view.channels, pixels, view.pixel(image, row, x))
        }
      }
    }
  }
}
