import Datasets

extension ConfigurationNode {
  /// A number in `range`, in the precision that training computes with.
  func float(in range: ClosedRange<Float>) throws(DatasetError) -> Float {
    let value = Float(try number())
    guard range.contains(value) else { throw wrong("a number in \(range.lowerBound)…\(range.upperBound)") }
    return value
  }
}
