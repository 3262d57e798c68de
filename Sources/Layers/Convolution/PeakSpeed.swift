import CKernels
import TensorCore

/// The speed that no layer exceeds: the register kernel on data that stay in the first-level cache.
public enum PeakSpeed {
  /// Multiply-accumulates a second of all threads together, the best of several trials of some milliseconds.
  public static func measure(_ pool: ThreadPool) -> Double {
    let (rows, depth, repeats) = (20, 96, 6000)
    let columns = max(16, tsr_panel_width())
    let count = rows * depth + depth * columns + rows * columns
    let memory = AlignedStorage(count: count * pool.threads)
    memory.pointer.initialize(repeating: 0.5, count: count * pool.threads)
    let clock = ContinuousClock()
    let best =
      (0..<20).map { _ in
        clock.measure {
          pool.forEach(pool.threads) { share, _ in
            let a = memory.pointer + share * count
            let b = a + rows * depth
            let c = b + depth * columns
            var window = tsr_window(pixelsOf: depth, step: depth)
            for _ in 0..<repeats {
              if tsr_panel_width() > 0 {
                tsr_panel_product(rows, 0, a, &window, b, nil, c, columns)
              } else {
                BLAS.gemm(
                  m: rows, n: columns, k: depth, a: a, lda: depth, b: b, ldb: columns, c: c, ldc: columns)
              }
            }
          }
        }
      }.min() ?? .seconds(1)
    let (seconds, attoseconds) = best.components
    return Double(rows * depth * columns * repeats * pool.threads)
      / (Double(seconds) + Double(attoseconds) * 1e-18)
  }
}
