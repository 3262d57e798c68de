import Augmentation
import TensorCore

/// Samples of one size, ready for a network.
public struct Batch: Sendable, Equatable {
  /// Normalised pictures `[N, H, W, 3]`.
  public let images: Tensor
  /// Label indices `[N, H, W, 1]`; 255 where a pixel has no class.
  public let labels: Tensor
  /// What messages call the samples, N of them.
  public let names: [String]

  /// Puts samples, of which there is at least one, behind one another.
  ///
  /// - Throws: `DatasetError.batchSizes` when they differ in size.
  public init(
    _ samples: [Sample], names: [String], normalization: Normalization
  ) throws(DatasetError) {
    precondition(!samples.isEmpty && samples.count == names.count, "a name for each of some samples")
    let size = PixelSize(width: samples[0].width, height: samples[0].height)
    for (sample, name) in zip(samples, names)
    where sample.width != size.width || sample.height != size.height {
      throw .batchSizes(
        first: names[0], size: size, second: name,
        other: PixelSize(width: sample.width, height: sample.height))
    }
    let pixels = size.width * size.height
    let shape = Shape(batch: samples.count, height: size.height, width: size.width, channels: 3)
    var images = Tensor(zeros: shape)
    var labels = Tensor(zeros: shape.with(channels: 1))
    images.withUnsafeMutableElements { images in
      labels.withUnsafeMutableElements { labels in
        guard let image = images.baseAddress, let label = labels.baseAddress else { return }
        for (index, sample) in samples.enumerated() {
          sample.rgb.withUnsafeBufferPointer { rgb in
            guard let rgb = rgb.baseAddress else { return }
            normalization.apply(rgb, pixels: pixels, into: image + index * pixels * 3)
          }
          sample.mask.labels.withUnsafeBufferPointer { mask in
            for pixel in 0..<pixels { label[index * pixels + pixel] = Float(mask[pixel]) }
          }
        }
      }
    }
    self.images = images
    self.labels = labels
    self.names = names
  }
}
