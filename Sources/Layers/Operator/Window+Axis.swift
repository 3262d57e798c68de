extension Window {
  /// A window along one axis.
  struct Axis {
    let extent: Int
    let stride: Int
    let upsampling: Int
    let padding: Int

    /// Windows that lie `inputs / outputs` pixels apart, which is the least stride and upsampling of that ratio.
    ///
    /// - Parameter reach: the first and the last place that output 0 looks at, by stride and upsampling.
    init(from inputs: Int, to outputs: Int, reach: (_ stride: Int, _ upsampling: Int) -> ClosedRange<Int>) {
      let divisor = max(1, greatestCommonDivisor(inputs, outputs))
      (stride, upsampling) = (max(1, inputs / divisor), max(1, outputs / divisor))
      let places = reach(stride, upsampling)
      (extent, padding) = (places.count, -places.lowerBound)
    }
  }
}

/// The largest number that divides both; the other one where one is 0.
package func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
  var (larger, smaller) = (first, second)
  while smaller > 0 { (larger, smaller) = (smaller, larger % smaller) }
  return larger
}
