import Layers
import TensorCore

/// From the first to the last moment at which each block of a placement is in use.
///
/// Node `i` of `n` runs forward at moment `i` and backward at `2n - 1 - i`.
struct Lifetimes {
  /// `nil` for a block that is never used.
  private(set) var spans: [ClosedRange<Int>?]
  private let placement: ValuePlacement

  private init(_ placement: ValuePlacement) {
    self.placement = placement
    spans = [ClosedRange<Int>?](repeating: nil, count: placement.blocks.count)
  }

  private mutating func extend(_ value: Graph.Value, to moment: Int) {
    let block = placement[value].block
    spans[block] =
      spans[block].map { min($0.lowerBound, moment)...max($0.upperBound, moment) } ?? moment...moment
  }

  /// Activations: from the writer to the last reader, forward or backward. Inputs are there from the first moment,
  /// outputs until the last.
  static func activations(
    _ graph: Graph, _ shapes: [[Shape]], _ placement: ValuePlacement, _ flow: GradientFlow?
  ) -> Lifetimes {
    var lifetimes = Lifetimes(placement)
    let last = 2 * graph.nodes.count - 1
    for (index, node) in graph.nodes.enumerated() {
      let outputs = shapes[index].indices.map { Graph.Value(node: index, output: $0) }
      for output in outputs { lifetimes.extend(output, to: node.operation is Input ? 0 : index) }
      for input in node.inputs { lifetimes.extend(input, to: index) }
      guard let flow, flow.flows[index] else { continue }
      let reads = node.operation.backwardReads
      if reads.contains(.inputs) {
        for (position, input) in node.inputs.enumerated() where node.operation.backwardReads(input: position)
        {
          lifetimes.extend(input, to: last - index)
        }
      }
      if reads.contains(.outputs) { for output in outputs { lifetimes.extend(output, to: last - index) } }
    }
    for output in graph.outputs { lifetimes.extend(output, to: last) }
    return lifetimes
  }

  /// Gradients: from the last reader of the value, which runs backward first, to its writer.
  static func gradients(_ graph: Graph, _ placement: ValuePlacement, _ flow: GradientFlow) -> Lifetimes {
    var lifetimes = Lifetimes(placement)
    let last = 2 * graph.nodes.count - 1
    for (index, node) in graph.nodes.enumerated() where flow.flows[index] {
      lifetimes.extend(Graph.Value(node: index), to: last - index)
      for input in node.inputs where flow.wants(input) { lifetimes.extend(input, to: last - index) }
    }
    if let root = graph.outputs.first, flow.flows[root.node] {
      lifetimes.extend(root, to: graph.nodes.count)
    }
    return lifetimes
  }
}
