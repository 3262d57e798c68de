import TensorCore

/// Takes the colour away: every pixel gets its luma; the mask stays.
public struct Grayscale: Transform {
  /// A change to gray.
  public init() {}

  /// The gray sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    sample.recolored { samples, pixels in
      for pixel in 0..<pixels {
        let rgb = samples + pixel * 3
        let luma = UInt8(Luma.of(rgb[0], rgb[1], rgb[2]))
        (rgb[0], rgb[1], rgb[2]) = (luma, luma, luma)
      }
    }
  }
}

extension Sample {
  /// The sample after `body` has changed a copy of its picture in place.
  func recolored(_ body: (_ samples: UnsafeMutablePointer<UInt8>, _ pixels: Int) -> Void) -> Sample {
    var rgb = rgb
    rgb.withUnsafeMutableBufferPointer { buffer in
      if let samples = buffer.baseAddress { body(samples, width * height) }
    }
    return with(rgb: rgb)
  }

  /// The sample with each channel's samples looked up in a table of 256 entries, one after another.
  func lookedUp(_ tables: [UInt8]) -> Sample {
    precondition(tables.count == 768, "a table for each channel")
    return tables.withUnsafeBufferPointer { tables in
      recolored { samples, pixels in
        for index in stride(from: 0, to: pixels * 3, by: 3) {
          samples[index] = tables[Int(samples[index])]
          samples[index + 1] = tables[256 + Int(samples[index + 1])]
          samples[index + 2] = tables[512 + Int(samples[index + 2])]
        }
      }
    }
  }
}
