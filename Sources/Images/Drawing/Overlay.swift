/// A mask drawn over its picture.
public enum Overlay {
  /// `picture` as 8-bit RGB with the color of each pixel's class over it; the sizes must agree.
  ///
  /// - Parameter opacity: 0 shows the picture alone, 1 the colors alone; clamped.
  public static func blend(
    _ picture: Raster, _ mask: Mask, palette: Palette, opacity: Double = 0.5
  ) -> Raster {
    precondition(picture.width == mask.width && picture.height == mask.height)
    var blended = picture.rgb8()
    let cover = Int32((min(max(opacity, 0), 1) * 255).rounded())
    let colors = palette.table.map { Int32($0) * cover + 127 }
    guard case .eight(var rgb) = blended.samples else { return blended }
    rgb.withUnsafeMutableBufferPointer { rgb in
      for pixel in mask.labels.indices {
        let label = Int(mask.labels[pixel])
        for channel in 0..<3 {
          let value = Int32(rgb[3 * pixel + channel]) * (255 - cover) + colors[3 * label + channel]
          rgb[3 * pixel + channel] = UInt8(truncatingIfNeeded: value / 255)
        }
      }
    }
    blended.samples = .eight(rgb)
    return blended
  }
}

extension Mask {
  /// The color of each pixel's class, as 8-bit RGB.
  public func colored(_ palette: Palette) -> Raster {
    let table = palette.table
    let rgb = [UInt8](unsafeUninitializedCapacity: 3 * labels.count) { target, filled in
      for pixel in labels.indices {
        let label = Int(labels[pixel])
        for channel in 0..<3 { target[3 * pixel + channel] = table[3 * label + channel] }
      }
      filled = 3 * labels.count
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
  }
}

extension Palette {
  /// Red, green and blue of all 256 labels.
  fileprivate var table: [UInt8] {
    (0..<256).flatMap { label in
      let color = self[UInt8(label)]
      return [color.red, color.green, color.blue]
    }
  }
}
