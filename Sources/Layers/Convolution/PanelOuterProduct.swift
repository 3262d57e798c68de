import CKernels

/// A sum of outer products of two factors' rows, for the gradient of a weight.
enum PanelOuterProduct {
  /// Writes or adds `rows` sums of one panel over `depth` rows of both factors.
  ///
  /// - Parameters:
  ///   - isHalf: whether the panel has half the width of a full one.
  ///   - a: the factor whose elements sums have a row for, and elements from a row of it to the next.
  ///   - b: the factor that is as wide as the panel, and the same of it.
  ///   - coming: what is needed soon and asked for meanwhile, first one, then the other; left with the rest.
  @inline(__always)
  static func run(
    _ rows: Int, _ depth: Int, isHalf: Bool, _ a: (UnsafePointer<Float>, step: Int),
    _ b: (UnsafePointer<Float>, step: Int), accumulate: Bool, asking coming: inout (tsr_ahead, tsr_ahead),
    into sums: UnsafeMutablePointer<Float>, step: Int
  ) {
    withUnsafeMutableBytes(of: &coming) { bytes in
      let sources = bytes.bindMemory(to: tsr_ahead.self)
      tsr_panel_outer_product(
        rows, depth, isHalf ? 1 : 0, a.0, a.step, b.0, b.step, accumulate ? 1 : 0, sources.baseAddress,
        Int32(sources.count), sums, step)
    }
  }
}

extension tsr_ahead {
  /// Nothing.
  static var none: tsr_ahead { tsr_ahead(pixels: nil, step: 0, lines: 0) }

  /// So many elements of each row from this one on.
  init(_ pixels: UnsafePointer<Float>, step: Int, elements: Int) {
    self.init(pixels: pixels, step: step, lines: (elements + 15) / 16)
  }
}
