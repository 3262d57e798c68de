import TensorCore

/// Replaces the picture by the strength of its edges in gray, by Sobel's operator; the mask stays.
///
/// The root of the squares of both derivatives of luma, rounded and cut off at 255, reflected at the border.
public struct SobelEdges: Transform {
  /// A change to edges.
  public init() {}

  /// The sample's edges.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let (width, height) = (sample.width, sample.height)
    var lumas = [Int32](repeating: 0, count: width * height)
    sample.rgb.withUnsafeBufferPointer { rgb in
      for pixel in 0..<width * height {
        lumas[pixel] = Int32(Luma.of(rgb[pixel * 3], rgb[pixel * 3 + 1], rgb[pixel * 3 + 2]))
      }
    }
    return sample.recolored { samples, _ in
      lumas.withUnsafeBufferPointer { lumas in
        guard let base = lumas.baseAddress else { return }
        for y in 0..<height {
          let above = base + Reflection.index(y - 1, count: height) * width
          let here = base + y * width
          let below = base + Reflection.index(y + 1, count: height) * width
          for x in 0..<width {
            let left = x > 0 ? x - 1 : Reflection.index(-1, count: width)
            let right = x + 1 < width ? x + 1 : Reflection.index(width, count: width)
            let across =
              above[right] - above[left] + 2 * (here[right] - here[left]) + below[right] - below[left]
            let down =
              below[left] - above[left] + 2 * (below[x] - above[x]) + below[right] - above[right]
            let edge = UInt8(rounding: Float(across * across + down * down).squareRoot())
            let rgb = samples + (y * width + x) * 3
            (rgb[0], rgb[1], rgb[2]) = (edge, edge, edge)
          }
        }
      }
    }
  }
}
