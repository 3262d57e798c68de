import TensorCore

/// Turns image and mask by 0, 90, 180 or 270 degrees clockwise, each as likely.
///
/// For pictures without an up and down, such as those of a microscope. A quarter turn exchanges width and height,
/// so it stands before a crop unless all samples are square.
public struct QuarterTurn: Transform {
  /// A random number of quarter turns.
  public init() {}

  /// The turned sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    Self.turned(sample, quarters: random.below(4))
  }

  /// The sample turned clockwise by a number of quarters, 0…3.
  package static func turned(_ sample: Sample, quarters: Int) -> Sample {
    let (width, height) = (sample.width, sample.height)
    switch quarters {
    case 1:
      return sample.rearranged(width: height, height: width) { x, y in (y, height - 1 - x) }
    case 2:
      return sample.rearranged(width: width, height: height) { x, y in (width - 1 - x, height - 1 - y) }
    case 3:
      return sample.rearranged(width: height, height: width) { x, y in (width - 1 - y, x) }
    default:
      return sample
    }
  }
}
