import Graphs
import TensorCore

extension InspectedNetwork {
  /// Whether anything of layer `other` reaches layer `layer`; a layer depends on itself.
  func layer(_ layer: Int, dependsOn other: Int) -> Bool { needed(for: layer)[other] }

  /// The layers that a layer depends on, itself among them.
  private func needed(for layer: Int) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    isNeeded[layer] = true
    for index in graph.nodes.indices.reversed() where isNeeded[index] {
      for input in graph.nodes[index].inputs { isNeeded[input.node] = true }
    }
    return isNeeded
  }

  /// The part of the network from what layer `start` gives, as its input, to layer `end`.
  ///
  /// - Throws: `InspectionError.notBehind` when `end` also sees the image in another way.
  public func part(from start: Int, to end: Int) throws(InspectionError) -> InspectedNetwork {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    isNeeded[end] = true
    for index in graph.nodes.indices.reversed() where isNeeded[index] && index != start {
      for input in graph.nodes[index].inputs { isNeeded[input.node] = true }
      if graph.nodes[index].inputs.isEmpty {
        throw .notBehind(layer: graph.nodes[end].name, other: graph.nodes[start].name)
      }
    }
    guard isNeeded[start] else {
      throw .notBehind(layer: graph.nodes[end].name, other: graph.nodes[start].name)
    }
    let nominal = try shapes(for: nominal)[start]
    return try replaced { graph throws(GraphError) in
      var places: [Int: Int] = [:]
      var nodes: [Graph.Node] = []
      for (index, node) in graph.nodes.enumerated() where isNeeded[index] {
        places[index] = nodes.count
        nodes.append(
          index == start
            ? Graph.Node(name: node.name, operation: Input(nominal: nominal), inputs: [])
            : Graph.Node(
              name: node.name, operation: node.operation,
              inputs: node.inputs.map { Graph.Value(node: places[$0.node] ?? 0, output: $0.output) }))
      }
      return try Graph(nodes: nodes, outputs: [Graph.Value(node: nodes.count - 1)])
    }
  }

  private func replaced(
    _ change: (Graph) throws(GraphError) -> Graph
  ) throws(InspectionError) -> InspectedNetwork {
    let changed: Graph
    do throws(GraphError) { changed = try change(graph) } catch { throw .graph(model: name, error) }
    return try InspectedNetwork(
      name: name, graph: changed, parameters: parameters, normalization: normalization, classes: classes)
  }
}
