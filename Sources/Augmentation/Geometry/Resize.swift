import TensorCore

/// Brings every sample to one size; the picture bilinear, the mask by its nearest label.
public struct Resize: Transform {
  /// Width of the result in pixels.
  public let width: Int
  /// Height of the result in pixels.
  public let height: Int

  /// A result of the given size in pixels, both sides at least 1.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.width = width
    self.height = height
  }

  /// The sample at the new size.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    if sample.width == width && sample.height == height { return sample }
    return sample.resampled(
      Resampling(length: sample.width, target: width), Resampling(length: sample.height, target: height))
  }
}
