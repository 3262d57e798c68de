import Graphs
import TensorCore

/// An architecture as the command knows it: a name, arguments with defaults, and how to build it.
public struct Architecture: Sendable {
  /// Such as `unet`.
  public let name: String
  /// Who described it, and where.
  public let source: String
  /// What `--set` takes, in the order in which it is listed.
  public let parameters: [ArchitectureParameter]
  /// Builds the network for checked arguments.
  let build: @Sendable (_ arguments: [String: Int]) -> any SegmentationNetwork
}

/// An argument of an architecture, a whole number.
public struct ArchitectureParameter: Sendable, Equatable {
  /// Such as `width`.
  public let name: String
  /// What it says.
  public let help: String
  /// Taken when nobody sets it.
  public let standard: Int
  /// What it may be.
  public let range: ClosedRange<Int>
}

/// The architectures that there are; a new one is one more element.
public enum NetworkRegistry {
  /// All, in the order in which `segment models` lists them.
  public static let architectures: [Architecture] = [
    Architecture(
      name: "unet", source: "Ronneberger et al. 2015, arXiv:1505.04597",
      parameters: [
        ArchitectureParameter(
          name: "width", help: "channels of the first level", standard: 64, range: 1...512),
        ArchitectureParameter(
          name: "depth", help: "levels below the first", standard: 4, range: 1...7),
        ArchitectureParameter(name: "classes", help: "classes", standard: 2, range: 1...255),
      ],
      build: { UNet(classes: $0["classes"] ?? 2, width: $0["width"] ?? 64, depth: $0["depth"] ?? 4) })
  ]

  /// The architecture of that name.
  ///
  /// - Throws: `SegmentationError.unknownModel`.
  public static func architecture(_ name: String) throws(SegmentationError) -> Architecture {
    guard let found = architectures.first(where: { $0.name == name }) else {
      throw .unknownModel(name: name, known: architectures.map(\.name))
    }
    return found
  }

  /// The graph of an architecture with arguments as they come from the command line, a recipe or a checkpoint.
  ///
  /// - Parameter nominal: the size that shapes are shown for, `[N, H, W, C]`.
  /// - Throws: `SegmentationError` for an unknown name or argument, or a value out of range.
  public static func graph(
    _ name: String, arguments: [String: String] = [:],
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3)
  ) throws(SegmentationError) -> Graph {
    let architecture = try architecture(name)
    let network = architecture.build(try architecture.checked(arguments))
    do throws(GraphError) {
      return try network.graph(nominal: nominal)
    } catch {
      throw .graph(model: name, error)
    }
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
      guard let value = Int(text), parameter.range.contains(value) else {
        throw .argumentRange(model: self.name, name: name, range: parameter.range, found: text)
      }
      values[name] = value
    }
    return values
  }
}
