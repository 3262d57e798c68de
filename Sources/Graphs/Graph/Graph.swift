import Layers
import TensorCore

/// A network as a value: nodes in execution order, each an operator with its inputs and a unique dotted name.
///
/// Parameters are not in it: they are a second value, name to tensor, and everything else is a pass over this one.
public struct Graph: Sendable, Equatable {
  /// One output of one node.
  public struct Value: Hashable, Sendable {
    /// The node's index.
    public let node: Int
    /// Which of the node's outputs.
    public let output: Int

    /// Output `output` of node `node`.
    public init(node: Int, output: Int = 0) {
      self.node = node
      self.output = output
    }
  }

  /// An operator in its place.
  public struct Node: Sendable, Equatable {
    /// Unique in the graph; parameters are called `name.weight` and so on.
    public let name: String
    /// What the node does.
    public let operation: any Operator
    /// What it reads, all of earlier nodes.
    public let inputs: [Value]

    /// A node; its inputs must come from earlier nodes of the graph it is put in.
    public init(name: String, operation: any Operator, inputs: [Value]) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
    }

    /// Same name, operator, settings and inputs.
    public static func == (left: Node, right: Node) -> Bool {
      left.name == right.name && left.inputs == right.inputs
        && left.operation.isEqual(to: right.operation)
    }
  }

  /// The nodes, each after those that it reads.
  public let nodes: [Node]
  /// What the network gives; the first is what training differentiates.
  public let outputs: [Value]

  /// A graph of nodes in execution order.
  ///
  /// - Throws: `GraphError` for a repeated name, or an input that no earlier node gives.
  public init(nodes: [Node], outputs: [Value]) throws(GraphError) {
    var names: Set<String> = []
    for (index, node) in nodes.enumerated() {
      guard names.insert(node.name).inserted else { throw .duplicateName(node.name) }
      guard node.inputs.allSatisfy({ $0.node < index }) else { throw .notInOrder(node.name) }
    }
    guard outputs.allSatisfy({ $0.node < nodes.count }) else { throw .notInOrder("output") }
    self.nodes = nodes
    self.outputs = outputs
  }

  /// The nodes that take an activation from outside, by index.
  public var inputs: [Int] { nodes.indices.filter { nodes[$0].operation is Input } }

  /// For each node, the nodes that read any of its outputs, in order; the graph's own outputs do not count.
  public var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for input in Set(node.inputs.map(\.node)) { readers[input].append(index) }
    }
    return readers
  }
}

/// Where an activation comes in from outside.
public struct Input: Operator {
  /// `[N, H, W, C]` for which shapes are shown when nobody names another size.
  public let nominal: Shape

  /// An input of the given usual shape; height and width may differ when the network runs.
  public init(nominal: Shape) { self.nominal = nominal }

  /// `input`
  public var label: String { "input" }
  /// The nominal shape; a plan puts the real one in its place.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { [nominal] }
  /// Nothing is read.
  public var backwardReads: BackwardReads { [] }
  /// The plan's caller writes the output.
  public func forward(_ pass: ForwardPass) {}
  /// No gradient leaves the network here.
  public func backward(_ pass: BackwardPass) {}
}
