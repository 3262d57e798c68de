import TensorCore

/// Changes brightness, then contrast, then saturation, then hue, each by a random amount; the mask stays.
///
/// Factors are drawn from `1 − amount … 1 + amount`. Brightness scales the samples; contrast stretches them around
/// the picture's mean luma; saturation stretches each pixel's channels around its own luma; hue turns by a share of the
/// circle from `−amount … amount`. The order is fixed, where torchvision draws it.
public struct ColorJitter: Transform {
  /// The amount of each change, 0…1, of hue 0…0.5; 0 leaves it out.
  public let brightness, contrast, saturation, hue: Float

  /// Changes by the given amounts, each in 0…1, that of hue in 0…0.5.
  public init(brightness: Float = 0, contrast: Float = 0, saturation: Float = 0, hue: Float = 0) {
    precondition([brightness, contrast, saturation, 2 * hue].allSatisfy { (0...1).contains($0) })
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  /// The sample in other colours.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let factors = [brightness, contrast, saturation].map { random.uniform(in: 1 - $0...1 + $0) }
    return Self.adjusted(
      sample, brightness: factors[0], contrast: factors[1], saturation: factors[2],
      hue: random.uniform(in: -hue...hue))
  }

  /// The sample with the given factors, 1 leaving things as they are, and its hue turned by a share of the circle.
  package static func adjusted(
    _ sample: Sample, brightness: Float, contrast: Float, saturation: Float, hue: Float = 0
  ) -> Sample {
    var table = (0..<256).map { UInt8(rounding: Float($0) * brightness) }
    if contrast != 1 {
      let mean = Float(Self.meanLuma(sample, table))
      table = table.map { UInt8(rounding: mean + (Float($0) - mean) * contrast) }
    }
    return sample.recolored { samples, pixels in
      table.withUnsafeBufferPointer { table in
        for index in 0..<pixels * 3 { samples[index] = table[Int(samples[index])] }
      }
      if saturation != 1 { Self.saturate(samples, pixels, by: saturation) }
      if hue != 0 { HueRotation.apply(hue, samples, pixels) }
    }
  }

  /// The mean luma of the samples that a table gives, rounded.
  private static func meanLuma(_ sample: Sample, _ table: [UInt8]) -> Int {
    let pixels = sample.width * sample.height
    return sample.rgb.withUnsafeBufferPointer { rgb in
      table.withUnsafeBufferPointer { table in
        var sum = 0
        for index in stride(from: 0, to: pixels * 3, by: 3) {
          sum += Luma.of(table[Int(rgb[index])], table[Int(rgb[index + 1])], table[Int(rgb[index + 2])])
        }
        return (sum + pixels / 2) / max(1, pixels)
      }
    }
  }

  /// Stretches the channels of each pixel around its luma, by a factor in 1/65536.
  private static func saturate(_ samples: UnsafeMutablePointer<UInt8>, _ pixels: Int, by factor: Float) {
    let factor = Int32((factor * 65536).rounded())
    for index in stride(from: 0, to: pixels * 3, by: 3) {
      let rgb = samples + index
      let luma = Int32(truncatingIfNeeded: Luma.of(rgb[0], rgb[1], rgb[2]))
      for channel in 0..<3 {
        let value = luma + ((Int32(rgb[channel]) - luma) &* factor &+ 0x8000) >> 16
        rgb[channel] = UInt8(truncatingIfNeeded: max(0, min(255, value)))
      }
    }
  }
}
