import Backbones
import TensorCore

extension NetworkRegistry {
  /// An architecture that gives an image a class; `classes` comes before its other arguments.
  static func classifier(
    _ name: String, _ source: String,
    nominal: Shape = Shape(batch: 1, height: 224, width: 224, channels: 3),
    _ parameters: [ArchitectureParameter] = [], classes: Int = 1000, normalization: Normalization? = nil,
    build: @escaping @Sendable (ArchitectureArguments) -> any ClassificationNetwork
  ) -> Architecture {
    let count = ArchitectureParameter(name: "classes", help: "classes", standard: classes, range: 1...65536)
    return Architecture(
      name: name, task: .classification, source: source, nominal: nominal, normalization: normalization,
      parameters: [count] + parameters,
      build: { build(ArchitectureArguments($0)) })
  }

  /// An architecture that gives every pixel a class.
  static func segmenter(
    _ name: String, _ source: String,
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3),
    _ parameters: [ArchitectureParameter],
    build: @escaping @Sendable (ArchitectureArguments) -> any SegmentationNetwork
  ) -> Architecture {
    Architecture(
      name: name, source: source, nominal: nominal, parameters: parameters,
      build: { build(ArchitectureArguments($0)) })
  }
}
