import Graphs
import TensorCore

/// An architecture as the command knows it: a name, arguments with defaults, and how to build it.
public struct Architecture: Sendable {
  /// Such as `unet`.
  public let name: String
  /// What it tells about an image.
  public let task: Task
  /// Who described it, and where.
  public let source: String
  /// The size that it was described for, and that summaries show.
  public let nominal: Shape
  /// What public checkpoints, which do not say it themselves, expect of their input; `nil` for what most do.
  public let normalization: Normalization?
  /// What `--set` takes, in the order in which it is listed.
  public let parameters: [ArchitectureParameter]
  /// Builds the network for checked arguments.
  let build: @Sendable (_ arguments: [String: Int]) -> any Network

  /// What a network tells about an image.
  public enum Task: String, Sendable, Codable {
    /// A class for each pixel.
    case segmentation
    /// A class for the whole image.
    case classification
  }

  /// An architecture; its arguments are checked before `build` gets them.
  init(
    name: String, task: Task = .segmentation, source: String,
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3),
    normalization: Normalization? = nil, parameters: [ArchitectureParameter],
    build: @escaping @Sendable ([String: Int]) -> any Network
  ) {
    (self.name, self.task, self.source, self.nominal) = (name, task, source, nominal)
    (self.normalization, self.parameters, self.build) = (normalization, parameters, build)
  }
}

extension Architecture {
  /// The arguments as numbers, with the standard value of each that is not given.
  ///
  /// - Throws: `SegmentationError` for an unknown argument or a value out of range.
  public func checked(_ arguments: [String: String]) throws(SegmentationError) -> [String: Int] {
    var values = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.standard) })
    for (name, text) in arguments.sorted(by: { $0.key < $1.key }) {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw .unknownArgument(model: self.name, name: name, known: parameters.map(\.name))
      }
      guard let value = Int(text), parameter.allows(value) else {
        throw .argumentValue(model: self.name, parameter, found: text)
      }
      values[name] = value
    }
    return values
  }
}
