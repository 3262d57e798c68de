import TensorCore

/// A window of a random area at a random place, brought to a fixed size.
///
/// The crop of Szegedy et al. 2015 (arXiv:1409.4842, section 6), without its change of the aspect: the window has
/// the aspect of the result, so that objects keep their shape, and is as large as the image allows at most.
public struct RandomResizedCrop: Transform {
  /// Width of the result in pixels.
  public let width: Int
  /// Height of the result in pixels.
  public let height: Int
  /// The share of the largest possible window that is drawn, in 0…1.
  public let area: ClosedRange<Float>

  /// A result of the given size in pixels from a window of a share of the largest one's area.
  public init(width: Int, height: Int, area: ClosedRange<Float>) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition(area.lowerBound > 0 && area.upperBound <= 1, "a share lies in 0…1")
    self.width = width
    self.height = height
    self.area = area
  }

  /// The window at its new size.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let side = random.uniform(in: area).squareRoot()
    let fit = min(Float(sample.width) / Float(width), Float(sample.height) / Float(height))
    let windowWidth = min(sample.width, max(1, Int((Float(width) * fit * side).rounded())))
    let windowHeight = min(sample.height, max(1, Int((Float(height) * fit * side).rounded())))
    let x = random.below(sample.width - windowWidth + 1)
    let y = random.below(sample.height - windowHeight + 1)
    return sample.resampled(
      Resampling(offset: x, length: windowWidth, target: width),
      Resampling(offset: y, length: windowHeight, target: height))
  }
}
