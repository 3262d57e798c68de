import TensorCore
import Testing

@Suite struct BLASTests {
  private struct Product {
    let m, n, k: Int
    let transposeA, transposeB: Bool
    let alpha, beta: Float
  }

  private static let sizes = [
    (1, 1, 1), (3, 5, 7), (17, 33, 65), (64, 64, 64), (31, 1, 129), (1, 40, 300), (2, 100, 3), (129, 15, 2),
  ]

  /// Stored rows and columns of `op(rows × columns)`.
  private func stored(_ rows: Int, _ columns: Int, _ transposed: Bool) -> (rows: Int, columns: Int) {
    transposed ? (columns, rows) : (rows, columns)
  }

  private func check(_ product: Product, seed: UInt64) {
    let (m, n, k) = (product.m, product.n, product.k)
    var stream = RandomStream(keys: 11, seed)
    let (a, b) = (stored(m, k, product.transposeA), stored(k, n, product.transposeB))
    let (lda, ldb, ldc) = (a.columns + 3, b.columns + 1, n + 2)
    let left = (0..<a.rows * lda).map { _ in stream.uniform(in: -1...1) }
    let right = (0..<b.rows * ldb).map { _ in stream.uniform(in: -1...1) }
    let before = (0..<m * ldc).map { _ in stream.uniform(in: -1...1) }
    var after = before
    after.withUnsafeMutableBufferPointer { c in
      guard let c = c.baseAddress else { return }
      BLAS.gemm(
        transposeA: product.transposeA, transposeB: product.transposeB, m: m, n: n, k: k,
        alpha: product.alpha, a: left, lda: lda, b: right, ldb: ldb, beta: product.beta, c: c, ldc: ldc)
    }
    let tolerance = Double(Float.ulpOfOne) * Double(k + 4)
    for row in 0..<m {
      for column in 0..<ldc {
        let found = Double(after[row * ldc + column])
        guard column < n else {
          #expect(found == Double(before[row * ldc + column]), "the gap of a row was written")
          continue
        }
        var sum = 0.0
        for i in 0..<k {
          let x = product.transposeA ? left[i * lda + row] : left[row * lda + i]
          let y = product.transposeB ? right[column * ldb + i] : right[i * ldb + column]
          sum += Double(x) * Double(y)
        }
        let expected = Double(product.alpha) * sum + Double(product.beta) * Double(before[row * ldc + column])
        if !(abs(found - expected) <= tolerance * max(1, abs(expected))) {
          Issue.record("\(product) at \(row), \(column): expected \(expected), found \(found)")
          return
        }
      }
    }
  }

  @Test(arguments: [false, true], [false, true]) func againstSums(transposeA: Bool, transposeB: Bool) {
    for (index, (m, n, k)) in Self.sizes.enumerated() {
      for (alpha, beta) in [(1, 0), (1, 1), (0.5, -0.25)] as [(Float, Float)] {
        check(
          Product(
            m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, alpha: alpha, beta: beta),
          seed: UInt64(index))
      }
    }
  }

  @Test func zeroBetaOverwritesWhateverWasThere() {
    var c: [Float] = [.nan, .infinity, .nan, 5]
    BLAS.gemm(m: 2, n: 2, k: 1, a: [2, 3] as [Float], lda: 1, b: [5, 7] as [Float], ldb: 2, c: &c, ldc: 2)
    #expect(c == [10, 14, 15, 21])
  }

  @Test func emptyProducts() {
    var c: [Float] = [1, 2]
    let one: [Float] = [1]
    BLAS.gemm(m: 0, n: 2, k: 1, a: one, lda: 1, b: one, ldb: 2, c: &c, ldc: 2)
    BLAS.gemm(m: 1, n: 0, k: 1, a: one, lda: 1, b: one, ldb: 1, c: &c, ldc: 2)
    #expect(c == [1, 2])
    BLAS.gemm(m: 1, n: 2, k: 0, a: one, lda: 1, b: one, ldb: 2, c: &c, ldc: 2)
    #expect(c == [0, 0], "an empty sum is zero")
  }
}
