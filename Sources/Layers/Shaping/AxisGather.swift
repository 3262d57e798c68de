/// For every index along an axis of a target, which indices of a source it sums, and with what weights.
///
/// The transpose of a resampling is itself such a sum, which makes its backward run a gather: every element
/// is written once, by one thread, and its terms are added in the order of the source.
struct AxisGather {
  /// Where the terms of an index start in `sources` and `weights`; one more at the end.
  private(set) var starts: [Int]
  /// The indices along the source, ascending for each index of the target.
  private(set) var sources: [Int]
  /// The weights.
  private(set) var weights: [Float]

  /// The transpose of a map: `terms` are (target, source, weight) in ascending order of the source.
  init(extent: Int, terms: [(target: Int, source: Int, weight: Float)]) {
    starts = Array(repeating: 0, count: extent + 1)
    for term in terms { starts[term.target + 1] += 1 }
    for index in 0..<extent { starts[index + 1] += starts[index] }
    var next = starts
    sources = Array(repeating: 0, count: terms.count)
    weights = Array(repeating: 0, count: terms.count)
    for term in terms {
      sources[next[term.target]] = term.source
      weights[next[term.target]] = term.weight
      next[term.target] += 1
    }
  }

  /// The transpose of a copy in which index `i` of the source was taken from `origins[i]` of the target.
  init(extent: Int, origins: [Int]) {
    self.init(extent: extent, terms: origins.enumerated().map { ($1, $0, 1) })
  }

  /// The places of the terms of one index.
  @inline(__always)
  func terms(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }
}
