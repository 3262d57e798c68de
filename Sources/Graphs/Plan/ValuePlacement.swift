import Layers
import TensorCore

/// Which block of memory each value of a graph lies in, and where in it.
///
/// Most values have a block of their own. The output of an operator that changes nothing lies where its input
/// does; an input of a concatenation lies in its slice of the joined activation, so that nothing is copied. Gradients of
/// the inputs of a sum lie where that of the sum does.
package struct ValuePlacement {
  /// A value's place.
  package struct Place: Equatable {
    /// Index of the block.
    package var block: Int
    /// Elements from the start of the block.
    package var offset: Int
    /// Elements from a pixel to the next.
    package var pixelStride: Int
  }

  /// The place of each node's outputs.
  private(set) var places: [[Place?]]
  /// Elements of each block.
  package private(set) var blocks: [Int] = []
  /// Nodes that need not run, because their output is their input or is already joined.
  package private(set) var elided: Set<Int> = []

  /// Places for all values of `graph`.
  ///
  /// - Parameters:
  ///   - mode: that in which operators may be identities; `nil` for gradients, none of which shares a place with
  ///     another.
  ///   - shares: for a node, the inputs that lie where its output does.
  ///   - mayJoin: whether an input of a concatenation may lie in its slice, for what only the caller can tell.
  package init(
    _ graph: Graph, shapes: [[Shape]], mode: Mode?, shares: (Int) -> [Graph.Value] = { _ in [] },
    mayJoin: (_ value: Graph.Value, _ concatenation: Int) -> Bool
  ) {
    places = shapes.map { [Place?](repeating: nil, count: $0.count) }
    joinConcatenations(graph, shapes, mode, shares, mayJoin)
    for (index, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.map { shapes[$0] }
      for output in shapes[index].indices where places[index][output] == nil {
        if output == 0, Self.isIdentity(node, inputs, mode) {
          places[index][0] = self[node.inputs[0]]
          elided.insert(index)
        } else {
          places[index][output] = own(shapes[index][output])
        }
      }
      if node.operation is Concatenation, isJoined(node, index, shapes) { elided.insert(index) }
    }
  }

  /// The place of a value.
  package subscript(value: Graph.Value) -> Place {
    guard let place = places[value.node][value.output] else {
      preconditionFailure("a value is placed before it is read")
    }
    return place
  }

  private static func isIdentity(_ node: Graph.Node, _ inputs: [Shape], _ mode: Mode?) -> Bool {
    guard let mode, !inputs.isEmpty else { return false }
    return node.operation.isIdentity(for: inputs, mode: mode)
  }

  private mutating func own(_ shape: Shape) -> Place {
    blocks.append(shape.count)
    return Place(block: blocks.count - 1, offset: 0, pixelStride: shape.channels)
  }

  /// From the last node to the first, so that a chain of concatenations, as in DenseNet, nests into one block, and so
  /// do the sums of a ResNet.
  private mutating func joinConcatenations(
    _ graph: Graph, _ shapes: [[Shape]], _ mode: Mode?, _ shares: (Int) -> [Graph.Value],
    _ mayJoin: (Graph.Value, Int) -> Bool
  ) {
    for (index, node) in graph.nodes.enumerated().reversed() {
      let shared = shares(index).filter { places[$0.node][$0.output] == nil }
      if !shared.isEmpty {
        let whole = places[index][0] ?? own(shapes[index][0])
        places[index][0] = whole
        for value in shared { places[value.node][value.output] = whole }
      }
      guard node.operation is Concatenation else { continue }
      let whole = places[index][0] ?? own(shapes[index][0])
      places[index][0] = whole
      var channel = 0
      for value in node.inputs {
        let source = graph.nodes[value.node]
        let isFree =
          places[value.node][value.output] == nil && !(source.operation is Input)
          && !Self.isIdentity(source, source.inputs.map { shapes[$0] }, mode)
          && node.inputs.count(where: { $0 == value }) == 1 && mayJoin(value, index)
        if isFree {
          places[value.node][value.output] = Place(
            block: whole.block, offset: whole.offset + channel, pixelStride: whole.pixelStride)
        }
        channel += shapes[value].channels
      }
    }
  }

  private func isJoined(_ node: Graph.Node, _ index: Int, _ shapes: [[Shape]]) -> Bool {
    let whole = self[Graph.Value(node: index)]
    var channel = 0
    for value in node.inputs {
      let place = self[value]
      guard place.block == whole.block, place.offset == whole.offset + channel else { return false }
      channel += shapes[value].channels
    }
    return true
  }
}
