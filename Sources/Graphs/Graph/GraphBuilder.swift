import Layers
import TensorCore

/// Collects nodes while a network's definition runs, checking shapes as they come.
public final class GraphBuilder {
  private var nodes: [Graph.Node] = []
  private var shapes: [[Shape]] = []

  /// An empty builder.
  public init() {}

  /// An activation from outside, of the usual shape `nominal`.
  public func input(_ name: String = "input", nominal: Shape) throws(GraphError) -> Symbol {
    try add(Input(nominal: nominal), name: name, inputs: [])[0]
  }

  /// A node that reads `inputs`; its outputs.
  public func add(
    _ operation: some Operator, name: String, inputs: [Symbol]
  ) throws(GraphError) -> [Symbol] {
    let inferred: [Shape]
    do throws(LayerError) {
      inferred = try operation.outputShapes(for: inputs.map(\.shape))
    } catch {
      throw .layer(node: name, error)
    }
    nodes.append(Graph.Node(name: name, operation: operation, inputs: inputs.map(\.value)))
    shapes.append(inferred)
    return inferred.enumerated().map { output, shape in
      Symbol(builder: self, value: Graph.Value(node: nodes.count - 1, output: output), shape: shape)
    }
  }

  /// A name for a node without parameters, made from its operator and its place: `relu_7`.
  func freshName(_ label: String) -> String { "\(label)_\(nodes.count)" }

  /// The graph of everything added, which gives `outputs`.
  public func graph(outputs: [Symbol]) throws(GraphError) -> Graph {
    try Graph(nodes: nodes, outputs: outputs.map(\.value))
  }
}

/// An activation of a network under construction.
public struct Symbol {
  /// Where its node was added.
  public let builder: GraphBuilder
  /// Which output of which node it is.
  public let value: Graph.Value
  /// Its shape at the nominal input size.
  public let shape: Shape

  /// C at the nominal size and any other.
  public var channels: Int { shape.channels }
}

/// A dotted path of names, `down1 / "maxpool_conv" / "1"`, as PyTorch's modules nest.
public struct Scope: Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The dotted path.
  public let description: String

  /// A path.
  public init(_ path: String) { description = path }
  /// A path.
  public init(stringLiteral path: String) { description = path }

  /// The path one name further down.
  public static func / (scope: Scope, name: String) -> Scope {
    Scope(scope.description.isEmpty ? name : "\(scope.description).\(name)")
  }

  /// The path one number further down, as in PyTorch's `Sequential`.
  public static func / (scope: Scope, index: Int) -> Scope { scope / String(index) }
}
