import Layers

/// Makes a graph from another node by node, keeping track of what stands for each old value.
struct Rewriter {
  private let source: Graph
  private var nodes: [Graph.Node] = []
  private var standIns: [Graph.Value: Graph.Value] = [:]

  init(_ source: Graph) { self.source = source }

  /// Copies node `index`, with another operator if given; its outputs stand for the old ones.
  mutating func keep(_ index: Int, as operation: (any Operator)? = nil) {
    let node = source.nodes[index]
    replace(
      index, with: Graph.Node(name: node.name, operation: operation ?? node.operation, inputs: node.inputs))
  }

  /// Puts another node, which reads values of the source, in the place of node `index`; its outputs stand for the old
  /// ones.
  mutating func replace(_ index: Int, with node: Graph.Node) {
    let inputs = node.inputs.map { standIns[$0] ?? $0 }
    nodes.append(Graph.Node(name: node.name, operation: node.operation, inputs: inputs))
    for value in outputs(of: index) {
      standIns[value] = Graph.Value(node: nodes.count - 1, output: value.output)
    }
  }

  /// Leaves node `index` out: its first input stands for its output.
  mutating func bypass(_ index: Int) {
    let input = source.nodes[index].inputs[0]
    standIns[Graph.Value(node: index)] = standIns[input] ?? input
  }

  /// Leaves node `index` out: another output of a node that was kept stands for its first.
  mutating func bypass(_ index: Int, for value: Graph.Value) {
    let node = standIns[Graph.Value(node: value.node)]?.node ?? value.node
    standIns[Graph.Value(node: index)] = Graph.Value(node: node, output: value.output)
  }

  /// The new graph.
  func graph() throws(GraphError) -> Graph {
    try Graph(nodes: nodes, outputs: source.outputs.map { standIns[$0] ?? $0 })
  }

  private func outputs(of index: Int) -> Set<Graph.Value> {
    let read = source.nodes.flatMap(\.inputs) + source.outputs
    return Set(read.filter { $0.node == index }).union([Graph.Value(node: index)])
  }
}

extension Graph {
  /// The node that alone reads node `index`, if there is just one and the graph does not give the value away.
  func soleReader(of index: Int, _ readers: [[Int]]) -> Int? {
    guard readers[index].count == 1, !outputs.contains(where: { $0.node == index }) else { return nil }
    return readers[index][0]
  }
}
