/// Which two pixels along an axis each resized pixel lies between, and where.
///
/// In `Float`, as PyTorch computes it, so that both agree on which pixel is the nearest.
struct ResizeAxis {
  /// The pixel at or before the place.
  private(set) var lower: [Int] = []
  /// The pixel after it, or the same at the border.
  private(set) var upper: [Int] = []
  /// The weight of `upper`, `0..<1`.
  private(set) var fractions: [Float] = []
  private let inputExtent: Int

  /// The geometry of one axis.
  init(_ method: Resize2D.Method, from input: Int, to output: Int, alignCorners: Bool) {
    inputExtent = input
    for index in 0..<output {
      let (first, fraction) = Self.place(index, method, from: input, to: output, alignCorners: alignCorners)
      lower.append(first)
      upper.append(min(first + 1, input - 1))
      fractions.append(fraction)
    }
  }

  /// The transpose, for the backward run.
  var transposed: AxisGather {
    var terms: [(target: Int, source: Int, weight: Float)] = []
    for (index, fraction) in fractions.enumerated() {
      terms.append((lower[index], index, 1 - fraction))
      if fraction > 0 { terms.append((upper[index], index, fraction)) }
    }
    return AxisGather(extent: inputExtent, terms: terms)
  }

  /// The pixels that an output lies between, where none is beyond the border.
  static func window(
    _ method: Resize2D.Method, from input: Int, to output: Int, alignCorners: Bool
  ) -> Window.Axis {
    switch method {
    case .nearest:
      // The last pixel that starts at or before place o · stride.
      Window.Axis(from: input, to: output) { _, upsampling in 1 - upsampling...0 }
    case .bilinear where alignCorners:
      Window.Axis(from: input - 1, to: output - 1) { _, upsampling in 1 - upsampling...upsampling - 1 }
    case .bilinear:
      // Pixels less than `upsampling` places from the centre, (stride - upsampling) / 2, which may be half a place.
      Window.Axis(from: input, to: output) { stride, upsampling in
        let twice = stride - upsampling
        let (floor, odd) = (twice >> 1, twice & 1)
        return floor + 1 - upsampling...floor + upsampling - 1 + odd
      }
    }
  }

  private static func place(
    _ index: Int, _ method: Resize2D.Method, from input: Int, to output: Int, alignCorners: Bool
  ) -> (first: Int, fraction: Float) {
    let ratio = Float(input) / Float(output)
    let place: Float
    switch method {
    case .nearest:
      return (min(Int(Float(index) * ratio), input - 1), 0)
    case .bilinear where alignCorners:
      place = output > 1 ? Float(index) * (Float(input - 1) / Float(output - 1)) : 0
    case .bilinear:
      place = max(0, (Float(index) + 0.5) * ratio - 0.5)
    }
    let first = min(Int(place), input - 1)
    return (first, min(1, max(0, place - Float(first))))
  }
}
