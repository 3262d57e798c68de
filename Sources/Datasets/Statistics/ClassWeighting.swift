import Foundation

/// Ways to weigh classes in a loss, so that rare ones count.
public enum ClassWeighting: String, Sendable, CaseIterable {
  /// The median of all classes' frequencies over a class's own, where a frequency is the class's share of the pixels of
  /// the images that it occurs in (Eigen and Fergus 2015; SegNet, Badrinarayanan, Kendall and Cipolla 2017,
  /// arXiv:1511.00561, section 4).
  case medianFrequency = "median_frequency"
  /// The inverse of a class's share; 1 on average.
  case inverse
  /// The inverse of a class's effective number of samples, `(1 − βⁿ) / (1 − β)`; 1 on average (Cui et al. 2019,
  /// arXiv:1901.05555, section 4). β is `(N − 1) / N`, where N is the number of all samples, here of pixels.
  case effectiveNumber = "effective_number"

  /// A weight for each class; 0 for classes that never occur.
  public func weights(_ statistics: DatasetStatistics) -> [Double] {
    let classes = statistics.classes
    switch self {
    case .medianFrequency:
      let frequencies = classes.map { $0.around == 0 ? 0 : Double($0.samples) / Double($0.around) }
      let median = Self.median(frequencies.filter { $0 > 0 })
      return frequencies.map { $0 > 0 ? median / $0 : 0 }
    case .inverse:
      return Self.normalized(statistics.shares.map { $0 > 0 ? 1 / $0 : 0 })
    case .effectiveNumber:
      let all = Double(statistics.total)
      guard all > 1 else { return classes.map { $0.samples > 0 ? 1 : 0 } }
      let logarithm = log1p(-1 / all)
      // 1 − βⁿ without taking the difference of numbers that are nearly alike.
      return Self.normalized(
        classes.map { $0.samples == 0 ? 0 : 1 / (all * -expm1(Double($0.samples) * logarithm)) })
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// With a mean of 1 over the classes that occur.
  private static func normalized(_ weights: [Double]) -> [Double] {
    let sum = weights.reduce(0, +)
    let count = Double(weights.count { $0 > 0 })
    return sum > 0 ? weights.map { $0 * count / sum } : weights
  }
}
