import TensorCore

/// The elastic deformation of the U-Net paper (Ronneberger et al. 2015, arXiv:1505.04597, section 3.1): random
/// displacements on a coarse grid, between which every pixel's is interpolated by cubic curves.
///
/// The paper's grid has 3 × 3 points and its displacements a standard deviation of 10 pixels. Curves are those of
/// Catmull and Rom 1974; beyond the border the outermost points go on. There is no kernel to run: time grows with the
/// pixels alone. Around the image the picture goes on by reflection and the mask is ignored.
public struct ElasticDeformation: Transform {
  /// The standard deviation of a displacement along each axis, in pixels.
  public let deviation: Float
  /// Points of the grid along each axis.
  public let grid: Int

  /// A deformation with a grid of 2 points or more along each axis.
  public init(deviation: Float, grid: Int = 3) {
    precondition(deviation >= 0 && grid >= 2, "a grid of points")
    (self.deviation, self.grid) = (deviation, grid)
  }

  /// The deformed sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    var shifts: [Float] = []
    for _ in 0..<2 * grid * grid { shifts.append(random.normal() * deviation) }
    return Self.deformed(sample, shifts: shifts, grid: grid)
  }

  /// The sample whose pixels come from where `shifts` point: those of the columns at all points of the grid along rows,
  /// then those of the rows, in pixels.
  package static func deformed(_ sample: Sample, shifts: [Float], grid: Int) -> Sample {
    let columns = CubicAxis(length: sample.width, grid: grid)
    let rows = CubicAxis(length: sample.height, grid: grid)
    var curve = [Float](repeating: 0, count: 2 * grid)
    return sample.warped { y, places in
      // The grid's columns at this row, which then differ along it alone.
      for axis in 0..<2 {
        for column in 0..<grid {
          var sum: Float = 0
          for tap in 0..<4 {
            sum +=
              rows.weights[y * 4 + tap] * shifts[(axis * grid + rows.points[y * 4 + tap]) * grid + column]
          }
          curve[axis * grid + column] = sum
        }
      }
      curve.withUnsafeBufferPointer { curve in
        columns.weights.withUnsafeBufferPointer { weights in
          columns.points.withUnsafeBufferPointer { points in
            for x in 0..<sample.width {
              var (shiftX, shiftY): (Float, Float) = (0, 0)
              for tap in x * 4..<x * 4 + 4 {
                shiftX += weights[tap] * curve[points[tap]]
                shiftY += weights[tap] * curve[grid + points[tap]]
              }
              places.x[x] = WarpRow.place(Float(x) + shiftX)
              places.y[x] = WarpRow.place(Float(y) + shiftY)
            }
          }
        }
      }
    }
  }
}

/// The four points of a grid around each pixel of an axis, and by what each counts.
private struct CubicAxis {
  var points: [Int] = []
  var weights: [Float] = []

  /// A grid whose first and last points lie on the first and last pixel.
  init(length: Int, grid: Int) {
    for index in 0..<length {
      let place = length == 1 ? 0 : Float(index * (grid - 1)) / Float(length - 1)
      let cell = min(Int(place), grid - 2)
      let t = place - Float(cell)
      let (square, cube) = (t * t, t * t * t)
      weights += [
        (-cube + 2 * square - t) / 2, (3 * cube - 5 * square + 2) / 2, (-3 * cube + 4 * square + t) / 2,
        (cube - square) / 2,
      ]
      for tap in -1...2 { points.append(min(max(cell + tap, 0), grid - 1)) }
    }
  }
}
