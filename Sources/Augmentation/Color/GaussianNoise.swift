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
  /// A normal number is the sum of eight uniform ones of 16 bits, from two draws: its tails end at ±4.9, beyond
  /// what the rounding to 8 bits would show.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    if deviation == 0 { return sample }
    // Eight uniform numbers in 0…65535 have variance 8 · 65536² / 12.
    let scale = deviation * Float(1.5).squareRoot() / 65536
    var rgb = sample.rgb
    rgb.withUnsafeMutableBufferPointer { samples in
      for index in samples.indices {
        let sum = Self.pieces(random.next()) + Self.pieces(random.next()) - 4 * 65535
        samples[index] = UInt8(rounding: Float(samples[index]) + Float(sum) * scale)
      }
    }
    return sample.with(rgb: rgb)
  }

  /// The sum of a word's four pieces of 16 bits.
  @inline(__always)
  private static func pieces(_ word: UInt64) -> Int {
    Int((word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + (word >> 48))
  }
}
