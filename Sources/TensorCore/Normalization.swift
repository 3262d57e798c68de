/// What a network expects of its input: `(v / 255 − mean) / deviation` for each colour channel.
public struct Normalization: Sendable, Equatable, Codable {
  /// The mean of red, green and blue, in 0…1.
  public var mean: [Float]
  /// The standard deviation of red, green and blue, in units of the whole range 0…1.
  public var deviation: [Float]

  /// A normalisation of three channels; another number of channels is a caller's bug.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == 3 && deviation.count == 3, "red, green and blue")
    self.mean = mean
    self.deviation = deviation
  }

  /// The statistics of ImageNet's training set that torchvision's checkpoints were trained with.
  public static let imageNet = Normalization(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// 0…255 to 0…1 and nothing else.
  public static let unit = Normalization(mean: [0, 0, 0], deviation: [1, 1, 1])

  /// The brightness of 8-bit red, green and blue: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded as in
  /// Pillow; gray stays as it is.
  @inline(__always)
  public static func luma(_ rgb: UnsafePointer<UInt8>) -> UInt8 {
    let sum = UInt32(rgb[0]) * 19595 + UInt32(rgb[1]) * 38470 + UInt32(rgb[2]) * 7471 + 32768
    return UInt8(truncatingIfNeeded: sum >> 16)
  }

  /// Normalises the brightness of `pixels` pixels of interleaved 8-bit red, green and blue, by the first mean and
  /// deviation, for networks that read gray.
  public func applyLuma(
    _ rgb: UnsafePointer<UInt8>, pixels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let (mean, deviation) = (mean[0], deviation[0])
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { table in
      for value in 0..<256 { table[value] = (Float(value) / 255 - mean) / deviation }
      for pixel in 0..<pixels { target[pixel] = table[Int(Self.luma(rgb + pixel * 3))] }
    }
  }

  /// Normalises `pixels` pixels of interleaved 8-bit red, green and blue.
  ///
  /// A sample has only 256 values, so each channel is a table.
  public func apply(
    _ rgb: UnsafePointer<UInt8>, pixels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    precondition(mean.count == 3 && deviation.count == 3, "red, green and blue")
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * 256) { table in
      for channel in 0..<3 {
        for value in 0..<256 {
          table[channel * 256 + value] = (Float(value) / 255 - mean[channel]) / deviation[channel]
        }
      }
      for pixel in 0..<pixels {
        let source = rgb + pixel * 3
        let result = target + pixel * 3
        result[0] = table[Int(source[0])]
        result[1] = table[256 + Int(source[1])]
        result[2] = table[512 + Int(source[2])]
      }
    }
  }
}
