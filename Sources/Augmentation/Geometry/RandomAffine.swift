import Foundation
import TensorCore

/// Turns, scales, slants and moves image and mask about the middle, each by a random amount; the size stays.
///
/// Around the image the picture goes on by reflection and the mask is ignored, as in a `RandomCrop`.
public struct RandomAffine: Transform {
  /// The largest turn either way, in degrees.
  public let degrees: Float
  /// The factors that are drawn, all as likely.
  public let scale: ClosedRange<Float>
  /// The largest slant of the horizontal axis either way, in degrees below 90.
  public let shear: Float
  /// The largest way along each axis, as a share of the side.
  public let translate: Float

  /// A transform by at most these amounts; the factors are above 0.
  public init(degrees: Float = 0, scale: ClosedRange<Float> = 1...1, shear: Float = 0, translate: Float = 0) {
    precondition(scale.lowerBound > 0 && abs(shear) < 90, "an affine map that can be undone")
    (self.degrees, self.scale, self.shear, self.translate) = (degrees, scale, shear, translate)
  }

  /// The sample after a random map.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let angle = random.uniform(in: -degrees...degrees)
    let factor = random.uniform(in: scale)
    let slant = random.uniform(in: -shear...shear)
    let x = random.uniform(in: -translate...translate) * Float(sample.width)
    let y = random.uniform(in: -translate...translate) * Float(sample.height)
    return Self.mapped(sample, degrees: angle, scale: factor, shear: slant, x: x, y: y)
  }

  /// The sample slanted, scaled, turned clockwise by `degrees`, and moved by (`x`, `y`) pixels.
  package static func mapped(
    _ sample: Sample, degrees: Float, scale: Float, shear: Float, x: Float, y: Float
  ) -> Sample {
    let turn = Double(degrees) * .pi / 180
    let (sine, cosine, slant) = (sin(turn), cos(turn), tan(Double(shear) * .pi / 180))
    // The inverse of turn · slant · scale: from a new pixel to an old one, in 1/2³² of a pixel.
    let unit = 0x1p32 / Double(scale)
    let xByX = (cosine + slant * sine) * unit
    let xByY = (sine - slant * cosine) * unit
    let (yByX, yByY) = (-sine * unit, cosine * unit)
    let (middleX, middleY) = (Double(sample.width - 1) / 2, Double(sample.height - 1) / 2)
    let (stepX, stepY) = (Int64(xByX.rounded()), Int64(yByX.rounded()))
    let shift = Int64(32 - WarpRow.bits)
    let round = Int64(1) << (shift - 1)
    return sample.warped { row, places in
      let fromX = -middleX - Double(x)
      let fromY = Double(row) - middleY - Double(y)
      var oldX = Int64((xByX * fromX + xByY * fromY + middleX * 0x1p32).rounded()) &+ round
      var oldY = Int64((yByX * fromX + yByY * fromY + middleY * 0x1p32).rounded()) &+ round
      for index in 0..<sample.width {
        places.x[index] = Int32(truncatingIfNeeded: oldX >> shift)
        places.y[index] = Int32(truncatingIfNeeded: oldY >> shift)
        oldX &+= stepX
        oldY &+= stepY
      }
    }
  }
}
