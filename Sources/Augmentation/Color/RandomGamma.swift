import Foundation
import TensorCore

/// Raises samples, taken as 0…1, to a random exponent; the mask stays.
///
/// Exponents above 1 darken, those below brighten; black and white stay.
public struct RandomGamma: Transform {
  /// The exponents that are drawn, all as likely.
  public let exponents: ClosedRange<Float>

  /// Draws from `exponents`, which are above 0.
  public init(_ exponents: ClosedRange<Float>) {
    precondition(exponents.lowerBound > 0, "an exponent is above 0")
    self.exponents = exponents
  }

  /// The sample with another gamma.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let exponent = Double(random.uniform(in: exponents))
    let table = (0..<256).map { UInt8((pow(Double($0) / 255, exponent) * 255).rounded()) }
    return sample.lookedUp(table + table + table)
  }
}
