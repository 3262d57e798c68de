import TensorCore

/// A network as code: symbols that follow each other, from an image to logits.
public protocol Network: Sendable {
  /// What the network makes of an image `[N, H, W, C]`.
  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol

  /// What the network makes of an image, and behind it auxiliary logits that training looks at too, if there are any.
  func outputs(_ image: Symbol) throws(GraphError) -> [Symbol]

  /// How a classifier's parameters become the network's; `nil` for a network that is not built on one.
  var transfer: BackboneTransfer? { get }
}

extension Network {
  /// No classifier.
  public var transfer: BackboneTransfer? { nil }

  /// No auxiliary logits.
  public func outputs(_ image: Symbol) throws(GraphError) -> [Symbol] { [try self(image)] }

  /// The network as a graph from `input` to what it makes of it; `nominal` is the size that summaries show.
  public func graph(
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3)
  ) throws(GraphError) -> Graph {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: nominal)
    return try builder.graph(outputs: try outputs(image))
  }
}
