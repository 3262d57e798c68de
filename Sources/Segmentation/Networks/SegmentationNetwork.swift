import Graphs
import TensorCore

/// A network that gives every pixel of an image a logit for each class.
public protocol SegmentationNetwork: Sendable {
  /// Logits `[N, H, W, classes]` of an image `[N, H, W, C]`.
  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol
}

extension SegmentationNetwork {
  /// The network as a graph from `input` to logits; `nominal` is the size that summaries show.
  public func graph(
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3)
  ) throws(GraphError) -> Graph {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: nominal)
    return try builder.graph(outputs: [try self(image)])
  }
}
