import Images
import TensorCore

/// Writes the picture as a JPEG of random quality and reads it again; the mask stays.
public struct JPEGArtifacts: Transform {
  /// The qualities that are drawn, all as likely, in 1…100.
  public let quality: ClosedRange<Int>

  /// Draws from `quality`, within 1…100.
  public init(quality: ClosedRange<Int>) {
    precondition(quality.lowerBound >= 1 && quality.upperBound <= 100, "a quality lies in 1…100")
    self.quality = quality
  }

  /// The sample with artefacts; unchanged where it is larger than a JPEG can be.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let quality = quality.lowerBound + random.below(quality.count)
    do throws(ImageError) {
      let bytes = try PictureWriter.jpeg(sample.image, quality: quality)
      guard case .eight(let rgb) = try ImageReader.decode(bytes, name: "artefacts").samples else {
        return sample
      }
      return rgb.count == sample.rgb.count ? sample.with(rgb: rgb) : sample
    } catch {
      return sample
    }
  }
}
