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
    let tint = ClassTint(palette, opacity: opacity)
    guard case .eight(var rgb) = blended.samples else { return blended }
    rgb.withUnsafeMutableBufferPointer { rgb in
      mask.labels.withUnsafeBufferPointer { tint.apply($0, to: rgb) }
    }
    blended.samples = .eight(rgb)
    return blended
  }
}

/// The colors of classes laid over pixels, of a whole picture or of a part of it.
public struct ClassTint: Sendable {
  /// For each label and channel, 255 · its share of the sum, rounding included.
  private let colors: [Int32]
  /// For each label, the picture's share in 255ths.
  private let rests: [Int32]

  /// The colors of `palette`.
  ///
  /// - Parameters:
  ///   - opacity: 0 leaves pixels as they are, 1 makes them the color; clamped.
  ///   - bare: a label whose pixels stay as they are.
  public init(_ palette: Palette, opacity: Double = 0.5, bare: UInt8? = nil) {
    let cover = Int32((min(max(opacity, 0), 1) * 255).rounded())
    let covers = (0..<256).map { $0 == bare.map(Int.init) ? 0 : cover }
    colors = palette.table.enumerated().map { Int32($1) * covers[$0 / 3] + 127 }
    rests = covers.map { 255 - $0 }
  }

  /// Lays each pixel's color over `rgb`, three samples for each label.
  public func apply(_ labels: UnsafeBufferPointer<UInt8>, to rgb: UnsafeMutableBufferPointer<UInt8>) {
    precondition(rgb.count == 3 * labels.count)
    for pixel in labels.indices {
      let label = Int(labels[pixel])
      for channel in 0..<3 {
        let value = Int32(rgb[3 * pixel + channel]) * rests[label] + colors[3 * label + channel]
        rgb[3 * pixel + channel] = UInt8(truncatingIfNeeded: value / 255)
      }
    }
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
