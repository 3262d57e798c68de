import TensorCore

/// Makes random pixels black or white, each as likely; the mask stays.
public struct SaltAndPepper: Transform {
  /// The share of pixels that are made so, 0…1.
  public let amount: Float

  /// Changes a share of the pixels, in 0…1.
  public init(amount: Float) {
    precondition((0...1).contains(amount), "a share lies in 0…1")
    self.amount = amount
  }

  /// The sample with dead pixels; shares count in 1/65536, four pixels to a draw.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let limit = UInt64((amount * 65536).rounded())
    if limit == 0 { return sample }
    return sample.recolored { samples, pixels in
      for first in stride(from: 0, to: pixels, by: 4) {
        var bits = random.next()
        for pixel in first..<min(first + 4, pixels) {
          let draw = bits & 0xFFFF
          bits >>= 16
          guard draw < limit else { continue }
          let value: UInt8 = 2 * draw < limit ? 0 : 255
          let rgb = samples + pixel * 3
          (rgb[0], rgb[1], rgb[2]) = (value, value, value)
        }
      }
    }
  }
}
