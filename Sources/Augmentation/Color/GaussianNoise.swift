import TensorCore

/// Adds independent noise to every sample of the picture; the mask stays.
public struct GaussianNoise: Transform {
  /// The standard deviation in 8-bit steps.
  public let deviation: Float

  /// Noise of a standard deviation in 8-bit steps, not negative.
  public init(deviation: Float) {
    precondition(deviation >= 0, "a deviation is not negative")
    self.deviation = deviation
  }

  /// The noisy sample, cut off at 0 and 255.
  ///
  /// Samples are whole, so that it is the noise that is rounded: a table has its value for each of 65536 shares, and a
  /// draw has the shares of four samples.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    if deviation == 0 { return sample }
    var rgb = sample.rgb
    Self.table(deviation: Double(deviation)).withUnsafeBufferPointer { table in
      rgb.withUnsafeMutableBufferPointer { samples in
        var word: UInt64 = 0
        for index in samples.indices {
          word = index & 3 == 0 ? random.next() : word >> 16
          let value = Int16(samples[index]) &+ table[Int(word & 0xFFFF)]
          samples[index] = UInt8(truncatingIfNeeded: max(0, min(255, value)))
        }
      }
    }
    return sample.with(rgb: rgb)
  }

  /// Rounded noise for each 65536th of its distribution, from the lowest up.
  ///
  /// A normal number is the sum of eight uniform ones (Irwin 1927 and Hall 1927, Biometrika 19), whose distribution is a
  /// polynomial and so the same on every platform, as that of the normal one is not; its tails end at ±4.9.
  private static func table(deviation: Double) -> [Int16] {
    var table = [Int16](repeating: 0, count: 65536)
    // The sum has the mean 4 and the variance 8/12.
    let scale = deviation * 1.5.squareRoot()
    let furthest = Int((4 * scale).rounded(.up))
    var first = 0
    for noise in -furthest...furthest {
      let end = Int((65536 * sumDistribution(4 + (Double(noise) + 0.5) / scale)).rounded())
      for place in first..<max(first, end) { table[place] = Int16(noise) }
      first = max(first, end)
    }
    return table
  }

  /// The share of sums of eight uniform numbers in 0…1 that are not above `x`.
  private static func sumDistribution(_ x: Double) -> Double {
    if x >= 4 { return x >= 8 ? 1 : 1 - sumDistribution(8 - x) }
    var (sum, binomial) = (0.0, 1.0)
    for k in 0..<8 where Double(k) < x {
      let square = (x - Double(k)) * (x - Double(k))
      sum += (k.isMultiple(of: 2) ? 1 : -1) * binomial * square * square * square * square
      binomial *= Double(8 - k) / Double(k + 1)
    }
    return sum / 40320
  }
}
