import TensorCore

/// A window of a random area at a random place, brought to a fixed size.
///
/// The crop of Szegedy et al. 2015 (arXiv:1409.4842, section 6). The window has the aspect of the result times a random
/// ratio, by default 1, so that objects keep their shape, and is as large as the image allows at most.
public struct RandomResizedCrop: Transform {
  /// Width of the result in pixels.
  public let width: Int
  /// Height of the result in pixels.
  public let height: Int
  /// The share of the largest possible window that is drawn, in 0…1.
  public let area: ClosedRange<Float>
  /// By what the window is wider than the result is, above 0.
  public let ratio: ClosedRange<Float>

  /// A result of the given size in pixels from a window of a share of the largest one's area.
  public init(width: Int, height: Int, area: ClosedRange<Float>, ratio: ClosedRange<Float> = 1...1) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition(area.lowerBound > 0 && area.upperBound <= 1, "a share lies in 0…1")
    self.width = width
    self.height = height
    precondition(ratio.lowerBound > 0, "a ratio is above 0")
    self.area = area
    self.ratio = ratio
  }

  /// The window at its new size.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let side = random.uniform(in: area).squareRoot()
    let fit = min(Float(sample.width) / Float(width), Float(sample.height) / Float(height))
    var (stretch, shrink): (Float, Float) = (1, 1)
    if ratio != 1...1 {
      stretch = random.uniform(in: ratio).squareRoot()
      shrink = 1 / stretch
    }
    let windowWidth = min(sample.width, max(1, Int((Float(width) * fit * side * stretch).rounded())))
    let windowHeight = min(sample.height, max(1, Int((Float(height) * fit * side * shrink).rounded())))
    let x = random.below(sample.width - windowWidth + 1)
    let y = random.below(sample.height - windowHeight + 1)
    return sample.resampled(
      Resampling(offset: x, length: windowWidth, target: width),
      Resampling(offset: y, length: windowHeight, target: height))
  }
}
