extension Raster {
  /// The picture with 8 bits a sample, 16-bit samples rounded to v · 255 / 65535.
  public func eightBit() -> Raster {
    guard case .sixteen(let wide) = samples else { return self }
    let narrow = [UInt8](unsafeUninitializedCapacity: wide.count) { target, filled in
      for index in 0..<wide.count { target[index] = Self.narrowed(UInt32(wide[index])) }
      filled = wide.count
    }
    return Raster(width: width, height: height, channels: channels, samples: .eight(narrow))
  }

  /// The picture as RGB with 8 bits a sample.
  ///
  /// Gray goes to all three channels. Alpha is composited over white, as a page or a viewer shows it: what
  /// lies under transparent pixels is arbitrary, and black there is what saving for the web leaves behind.
  public func rgb8() -> Raster {
    let count = width * height
    let rgb: [UInt8]
    switch samples {
    case .eight(let samples):
      if channels == 3 { return self }
      rgb = Self.expand(samples, count: count, channels: channels, full: 255) {
        UInt8(truncatingIfNeeded: $0)
      }
    case .sixteen(let samples):
      rgb = Self.expand(samples, count: count, channels: channels, full: 65535, narrow: Self.narrowed)
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
  }

  /// 65535 is 255 · 257.
  private static func narrowed(_ sample: UInt32) -> UInt8 { UInt8((sample + 128) / 257) }

  private static func expand<Sample: FixedWidthInteger>(
    _ samples: [Sample], count: Int, channels: Int, full: UInt32, narrow: (UInt32) -> UInt8
  ) -> [UInt8] {
    let hasAlpha = channels == 2 || channels == 4
    let step = channels >= 3 ? 1 : 0
    return [UInt8](unsafeUninitializedCapacity: 3 * count) { target, filled in
      samples.withUnsafeBufferPointer { source in
        for pixel in 0..<count {
          let first = pixel * channels
          let alpha = hasAlpha ? UInt32(source[first + channels - 1]) : full
          for channel in 0..<3 {
            var value = UInt32(source[first + channel * step])
            if alpha < full { value = (value * alpha + full * (full - alpha) + full / 2) / full }
            target[3 * pixel + channel] = narrow(value)
          }
        }
      }
      filled = 3 * count
    }
  }
}
