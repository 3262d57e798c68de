import TensorCore

/// Mirrors image and mask.
public struct Flip: Transform {
  /// What a mirror exchanges.
  public enum Axis: String, Sendable, CaseIterable {
    /// Left and right.
    case horizontal
    /// Top and bottom.
    case vertical
  }

  /// What is exchanged.
  public let axis: Axis

  /// A mirror; how often it is applied is the pipeline's to say.
  public init(_ axis: Axis) { self.axis = axis }

  /// The mirrored sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let (width, height) = (sample.width, sample.height)
    switch axis {
    case .horizontal:
      return sample.rearranged(width: width, height: height) { x, y in (width - 1 - x, y) }
    case .vertical:
      return sample.rearranged(width: width, height: height) { x, y in (x, height - 1 - y) }
    }
  }
}

extension Sample {
  /// The pixels in another order: `origin` tells where the pixel of a new place comes from.
  @inline(__always)
  func rearranged(
    width: Int, height: Int, _ origin: (_ x: Int, _ y: Int) -> (x: Int, y: Int)
  ) -> Sample {
    var picture = [UInt8](repeating: 0, count: width * height * 3)
    rgb.withUnsafeBufferPointer { source in
      picture.withUnsafeMutableBufferPointer { picture in
        guard let source = source.baseAddress, let picture = picture.baseAddress else { return }
        for y in 0..<height {
          for x in 0..<width {
            let from = origin(x, y)
            let (old, new) = (source + (from.y * self.width + from.x) * 3, picture + (y * width + x) * 3)
            (new[0], new[1], new[2]) = (old[0], old[1], old[2])
          }
        }
      }
    }
    return moved(width: width, height: height, rgb: picture) { labels in
      var mask = [UInt8](repeating: 0, count: width * height)
      labels.withUnsafeBufferPointer { labels in
        mask.withUnsafeMutableBufferPointer { mask in
          guard let labels = labels.baseAddress, let mask = mask.baseAddress else { return }
          for y in 0..<height {
            for x in 0..<width {
              let from = origin(x, y)
              mask[y * width + x] = labels[from.y * self.width + from.x]
            }
          }
        }
      }
      return mask
    }
  }
}
