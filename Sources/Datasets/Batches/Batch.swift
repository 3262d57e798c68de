import Augmentation
import TensorCore

/// Samples of one size, ready for a network.
public struct Batch: Sendable, Equatable {
  /// Normalised pictures `[N, H, W, C]`; C is 3 for colour, 1 for gray.
  public let images: Tensor
  /// Label indices: `[N, H, W, 1]` of masks, 255 where a pixel has no class; `[N, 1, 1, 1]` of images with a class
  /// each.
  public let labels: Tensor
  /// The labels of the samples that these are blended with, where they are; as `labels`.
  public let partnerLabels: Tensor?
  /// What the pictures hold of their own samples, 0…1; their partners have the rest.
  public let share: Float
  /// What messages call the samples, N of them.
  public let names: [String]

  /// Puts samples, of which there is at least one, behind one another; all have masks, or none has.
  ///
  /// - Parameter channels: 3 for colour, 1 for gray.
  /// - Throws: `DatasetError.batchSizes` when they differ in size.
  public init(
    _ samples: [Sample], names: [String], normalization: Normalization, channels: Int = 3
  ) throws(DatasetError) {
    precondition(!samples.isEmpty && samples.count == names.count, "a name for each of some samples")
    precondition(samples.allSatisfy { ($0.mask == nil) == (samples[0].mask == nil) }, "masks for all or none")
    let size = PixelSize(width: samples[0].width, height: samples[0].height)
    for (sample, name) in zip(samples, names)
    where sample.width != size.width || sample.height != size.height {
      throw .batchSizes(
        first: names[0], size: size, second: name,
        other: PixelSize(width: sample.width, height: sample.height))
    }
    let shape = Shape(batch: samples.count, height: size.height, width: size.width, channels: channels)
    images = Self.images(samples, shape, normalization)
    labels = Self.labels(samples, shape)
    self.names = names
    (partnerLabels, share) = (nil, 1)
  }

  /// A batch of such parts.
  init(images: Tensor, labels: Tensor, partnerLabels: Tensor, share: Float, names: [String]) {
    (self.images, self.labels, self.names) = (images, labels, names)
    (self.partnerLabels, self.share) = (partnerLabels, share)
  }

  private static func images(_ samples: [Sample], _ shape: Shape, _ normalization: Normalization) -> Tensor {
    let pixels = shape.height * shape.width
    var images = Tensor(zeros: shape)
    images.withUnsafeMutableElements { images in
      guard let image = images.baseAddress else { return }
      for (index, sample) in samples.enumerated() {
        sample.rgb.withUnsafeBufferPointer { rgb in
          guard let rgb = rgb.baseAddress else { return }
          let target = image + index * pixels * shape.channels
          if shape.channels == 1 {
            normalization.applyLuma(rgb, pixels: pixels, into: target)
          } else {
            normalization.apply(rgb, pixels: pixels, into: target)
          }
        }
      }
    }
    return images
  }

  private static func labels(_ samples: [Sample], _ shape: Shape) -> Tensor {
    if samples[0].mask == nil {
      return Tensor(samples.map { Float($0.label ?? 0) }, shape: [shape.batch, 1, 1, 1])
    }
    let pixels = shape.height * shape.width
    var labels = Tensor(zeros: shape.with(channels: 1))
    labels.withUnsafeMutableElements { labels in
      guard let label = labels.baseAddress else { return }
      for (index, sample) in samples.enumerated() {
        sample.mask?.labels.withUnsafeBufferPointer { mask in
          for pixel in 0..<pixels { label[index * pixels + pixel] = Float(mask[pixel]) }
        }
      }
    }
    return labels
  }
}
