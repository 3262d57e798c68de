import TensorCore

/// Changes brightness, then contrast, then saturation, each by a random factor; the mask stays.
///
/// Factors are drawn from `1 − amount … 1 + amount`. Brightness scales the samples; contrast stretches them around
/// the picture's mean luma; saturation stretches each pixel's channels around its own luma. The order is fixed,
/// where torchvision draws it.
public struct ColorJitter: Transform {
  /// The amount of each change, 0…1; 0 leaves it out.
  public let brightness, contrast, saturation: Float

  /// Changes by the given amounts, each in 0…1.
  public init(brightness: Float = 0, contrast: Float = 0, saturation: Float = 0) {
    precondition([brightness, contrast, saturation].allSatisfy { (0...1).contains($0) })
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
  }

  /// The sample in other colours.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let factors = [brightness, contrast, saturation].map { random.uniform(in: 1 - $0...1 + $0) }
    return Self.adjusted(
      sample, brightness: factors[0], contrast: factors[1], saturation: factors[2])
  }

  /// The sample with the given factors, 1 leaving things as they are.
  package static func adjusted(
    _ sample: Sample, brightness: Float, contrast: Float, saturation: Float
  ) -> Sample {
    var rgb = sample.rgb
    let pixels = sample.width * sample.height
    var table = (0..<256).map { UInt8(rounding: Float($0) * brightness) }
    if contrast != 1 {
      var sum = 0
      for pixel in 0..<pixels {
        sum += Luma.of(
          table[Int(rgb[pixel * 3])], table[Int(rgb[pixel * 3 + 1])], table[Int(rgb[pixel * 3 + 2])])
      }
      let mean = Float((sum + pixels / 2) / pixels)
      table = table.map { UInt8(rounding: mean + (Float($0) - mean) * contrast) }
    }
    rgb.withUnsafeMutableBufferPointer { samples in
      for index in samples.indices { samples[index] = table[Int(samples[index])] }
      guard saturation != 1 else { return }
      for pixel in 0..<pixels {
        let luma = Float(Luma.of(samples[pixel * 3], samples[pixel * 3 + 1], samples[pixel * 3 + 2]))
        for index in pixel * 3..<pixel * 3 + 3 {
          samples[index] = UInt8(rounding: luma + (Float(samples[index]) - luma) * saturation)
        }
      }
    }
    return sample.with(rgb: rgb)
  }
}
