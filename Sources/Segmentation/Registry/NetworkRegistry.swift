import Graphs
import TensorCore

/// The architectures that there are.
public enum NetworkRegistry {
  /// All, in the order in which `segment models` lists them.
  public static let architectures: [Architecture] = segmenters + classifiers

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
  /// - Parameter nominal: the size that shapes are shown for, `[N, H, W, C]`; that of the architecture's paper if nobody
  ///   says another.
  /// - Throws: `SegmentationError` for an unknown name or argument, or a value out of range.
  public static func graph(
    _ name: String, arguments: [String: String] = [:], nominal: Shape? = nil
  ) throws(SegmentationError) -> Graph {
    let network = try network(name, arguments)
    let nominal = if let nominal { nominal } else { try architecture(name).nominal }
    do throws(GraphError) {
      return try network.graph(nominal: nominal)
    } catch {
      throw .graph(model: name, error)
    }
  }

  /// How a classifier's parameters become those of an architecture; `nil` for one that is not built on a classifier.
  ///
  /// - Throws: `SegmentationError` as `graph` does.
  public static func transfer(
    _ name: String, arguments: [String: String] = [:]
  ) throws(SegmentationError) -> BackboneTransfer? {
    try network(name, arguments).transfer
  }

  private static func network(
    _ name: String, _ arguments: [String: String]
  ) throws(SegmentationError) -> any Network {
    let architecture = try architecture(name)
    return architecture.build(try architecture.checked(arguments))
  }
}
