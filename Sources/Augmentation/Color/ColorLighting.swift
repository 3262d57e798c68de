import TensorCore

/// Adds a random colour along the principal components of natural images' colours (Krizhevsky, Sutskever and Hinton
/// 2012, section 4.1), the same to all pixels; the mask stays.
///
/// Components and their sizes are those of ImageNet's training images, in 8-bit steps.
public struct ColorLighting: Transform {
  /// The standard deviation of the share of each component; the paper's is 0.1.
  public let deviation: Float

  /// Red, green and blue of each component.
  private static let components: [[Float]] = [
    [-0.5675, -0.5808, -0.5836], [0.7192, -0.0045, -0.6948], [0.4009, -0.8140, 0.4203],
  ]
  /// The standard deviation of images' colours along each component.
  private static let sizes: [Float] = [55.46, 4.794, 1.148]

  /// Colours of a standard deviation, not negative.
  public init(deviation: Float) {
    precondition(deviation >= 0, "a deviation is not negative")
    self.deviation = deviation
  }

  /// The sample in another light.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    Self.lit(sample, shares: (0..<3).map { _ in random.normal() * deviation })
  }

  /// The sample with these shares of the three components added.
  package static func lit(_ sample: Sample, shares: [Float]) -> Sample {
    var tables: [UInt8] = []
    for channel in 0..<3 {
      var offset: Float = 0
      for index in 0..<3 { offset += shares[index] * sizes[index] * components[index][channel] }
      tables += (0..<256).map { UInt8(rounding: Float($0) + offset) }
    }
    return sample.lookedUp(tables)
  }
}
