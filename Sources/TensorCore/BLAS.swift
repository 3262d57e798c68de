import COpenBLAS

/// Matrix products by OpenBLAS, always on the calling thread.
///
/// Parallel loops of this package call these from their own threads: a second pool inside BLAS would compete for
/// the cores and make the order of a sum depend on their number.
public enum BLAS {
  /// Makes OpenBLAS single-threaded, once for the process.
  @usableFromInline static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = alpha · op(a) · op(b) + beta · c` for row-major matrices: `op(a)` is `m`×`k`, `op(b)` is `k`×`n`.
  ///
  /// - Parameters:
  ///   - transposeA: whether `a` is stored as `k`×`m`.
  ///   - transposeB: whether `b` is stored as `n`×`k`.
  ///   - lda, ldb, ldc: elements from a stored row to the next.
  @inlinable
  public static func gemm(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Float = 1,
    a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, beta: Float = 0,
    c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }
}
