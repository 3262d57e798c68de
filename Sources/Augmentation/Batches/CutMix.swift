import Images
import TensorCore

/// Pastes a random window of another sample of the batch, image and mask, at its own place.
///
/// CutMix of Yun et al. 2019 (arXiv:1905.04899) for masks, where every pixel keeps its own truth (as in French et al.
/// 2020, arXiv:1906.01916). The window has the aspect of the image and lies inside of it.
public struct CutMix: BatchTransform {
  /// The share of the image's area that is pasted, within 0…1.
  public let area: ClosedRange<Float>

  /// Pastes windows of a share of the area.
  public init(area: ClosedRange<Float>) {
    precondition(area.lowerBound >= 0 && area.upperBound <= 1, "a share lies in 0…1")
    self.area = area
  }

  /// The sample with a window of the other.
  public func apply(_ sample: Sample, partner: Sample, random: inout RandomStream) -> Sample {
    let (width, height) = (sample.width, sample.height)
    guard let mask = sample.mask, let other = partner.mask, partner.width == width, partner.height == height
    else { return sample }
    let side = random.uniform(in: area).squareRoot()
    let columns = Int((Float(width) * side).rounded())
    let rows = Int((Float(height) * side).rounded())
    let left = random.below(width - columns + 1)
    let top = random.below(height - rows + 1)
    var (rgb, labels) = (sample.rgb, mask.labels)
    let (pastedRGB, pastedLabels) = (partner.rgb, other.labels)
    for row in top..<top + rows {
      let (from, to) = (row * width + left, row * width + left + columns)
      rgb.replaceSubrange(from * 3..<to * 3, with: pastedRGB[from * 3..<to * 3])
      labels.replaceSubrange(from..<to, with: pastedLabels[from..<to])
    }
    return Sample(
      image: Raster(width: width, height: height, channels: 3, samples: .eight(rgb)),
      mask: Mask(width: width, height: height, labels: labels))
  }
}
