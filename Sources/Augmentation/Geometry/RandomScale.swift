import TensorCore

/// Scales both sides by one random factor; the picture bilinear, the mask by its nearest label.
///
/// Objects appear near and far. A `RandomCrop` after it brings the samples back to one size.
public struct RandomScale: Transform {
  /// The factors that are drawn, all as likely.
  public let factors: ClosedRange<Float>

  /// Draws from `factors`, which are above 0.
  public init(_ factors: ClosedRange<Float>) {
    precondition(factors.lowerBound > 0, "a factor is above 0")
    self.factors = factors
  }

  /// The scaled sample, each side rounded to whole pixels and at least 1.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let factor = random.uniform(in: factors)
    let width = max(1, Int((Float(sample.width) * factor).rounded()))
    let height = max(1, Int((Float(sample.height) * factor).rounded()))
    return Resize(width: width, height: height).apply(sample, random: &random)
  }
}
