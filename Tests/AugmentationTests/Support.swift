import Augmentation
import Images
import TensorCore

/// Whether every pixel's colour still says its label: red is the label, green ten times it, blue 255 less it.
func agrees(_ sample: Sample) -> Bool {
  let rgb = sample.rgb
  return sample.labels.enumerated().allSatisfy { index, label in
    label == Sample.ignoredLabel
      || (rgb[index * 3] == label && rgb[index * 3 + 1] == label &* 10 && rgb[index * 3 + 2] == 255 - label)
  }
}

/// A sample whose labels count up from 0 and whose colours say the labels; at most 25 pixels.
func countingSample(width: Int, height: Int) -> Sample {
  let labels = (0..<width * height).map { UInt8($0) }
  return Sample(
    image: Raster(
      width: width, height: height, channels: 3,
      samples: .eight(labels.flatMap { [$0, $0 &* 10, 255 - $0] })),
    mask: Mask(width: width, height: height, labels: labels))
}

/// A gray sample of the given values, all of class 1.
func graySample(width: Int, height: Int, _ values: [UInt8]) -> Sample {
  Sample(
    image: Raster(
      width: width, height: height, channels: 3, samples: .eight(values.flatMap { [$0, $0, $0] })),
    mask: Mask(width: width, height: height, labels: values.map { _ in 1 }))
}

/// The red samples.
func red(_ sample: Sample) -> [UInt8] {
  let rgb = sample.rgb
  return stride(from: 0, to: rgb.count, by: 3).map { rgb[$0] }
}

/// The result of a transform on the stream of `seed`.
func apply(_ transform: some Transform, _ sample: Sample, seed: UInt64 = 1) -> Sample {
  var random = RandomStream(seed: seed)
  return transform.apply(sample, random: &random)
}

extension Sample {
  /// The labels of the mask.
  var labels: [UInt8] { mask?.labels ?? [] }
}
