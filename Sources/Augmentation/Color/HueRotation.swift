/// Turns the hue of pixels in the hexagon of HSV (Smith 1978), brightness and saturation unchanged.
enum HueRotation {
  /// Turns all pixels by a share of the full circle; whole numbers in 1/65536 of a sixth.
  static func apply(_ turn: Float, _ samples: UnsafeMutablePointer<UInt8>, _ pixels: Int) {
    let circle: Int32 = 6 << 16
    let shift = ((Int32((turn * Float(circle)).rounded()) % circle) + circle) % circle
    // 2²³ / c, by which a difference of channels becomes a share of the chroma c.
    var reciprocals = [Int32](repeating: 0, count: 256)
    for chroma in 1..<256 { reciprocals[chroma] = Int32((1 << 23) / chroma) }
    reciprocals.withUnsafeBufferPointer { reciprocals in
      for index in stride(from: 0, to: pixels * 3, by: 3) {
        let rgb = samples + index
        let (red, green, blue) = (Int32(rgb[0]), Int32(rgb[1]), Int32(rgb[2]))
        let most = max(red, green, blue)
        let chroma = most - min(red, green, blue)
        if chroma == 0 { continue }
        let scale = reciprocals[Int(chroma)]
        var hue: Int32
        if most == red {
          hue = ((green - blue) * scale) >> 7
        } else if most == green {
          hue = (2 << 16) + ((blue - red) * scale) >> 7
        } else {
          hue = (4 << 16) + ((red - green) * scale) >> 7
        }
        hue += shift
        if hue < 0 { hue += circle }
        if hue >= circle { hue -= circle }
        let (sector, part) = (hue >> 16, hue & 0xFFFF)
        // Between the channel that is most and the one that is least lies the third, which rises or falls.
        let rise = sector & 1 == 0 ? part : 0x10000 - part
        let high = UInt8(truncatingIfNeeded: most)
        let low = UInt8(truncatingIfNeeded: most - chroma)
        let middle = UInt8(truncatingIfNeeded: most - chroma + (chroma * rise + 0x8000) >> 16)
        switch sector {
        case 0: (rgb[0], rgb[1], rgb[2]) = (high, middle, low)
        case 1: (rgb[0], rgb[1], rgb[2]) = (middle, high, low)
        case 2: (rgb[0], rgb[1], rgb[2]) = (low, high, middle)
        case 3: (rgb[0], rgb[1], rgb[2]) = (low, middle, high)
        case 4: (rgb[0], rgb[1], rgb[2]) = (middle, low, high)
        default: (rgb[0], rgb[1], rgb[2]) = (high, low, middle)
        }
      }
    }
  }
}
