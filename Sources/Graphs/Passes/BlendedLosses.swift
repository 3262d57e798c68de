import Layers
import TensorCore

extension Graph {
  /// The names of the inputs that `blendingLosses` adds.
  public static let partnerLabelsInput = "partner_labels"
  /// The share of the network's own labels, `[1, 1, 1, 1]`.
  public static let shareInput = "share"

  /// The network for training by two truths at once, made of the one that `withLoss` gives: every loss also looks at
  /// labels of a second input, and what is differentiated is `share` of the one sum and the rest of the other.
  ///
  /// - Throws: `GraphError` for a network without a loss, or one that has such inputs.
  public func blendingLosses() throws(GraphError) -> Graph {
    guard let labels = nodes.firstIndex(where: { $0.name == Self.labelsInput }) else {
      throw .notInOrder(Self.labelsInput)
    }
    let partner = nodes.count
    var nodes = nodes
    nodes.append(Node(name: Self.partnerLabelsInput, operation: nodes[labels].operation, inputs: []))
    // Only losses stand behind the labels.
    var copies = [labels: partner]
    for index in labels + 1..<partner {
      copies[index] = nodes.count
      let node = nodes[index]
      nodes.append(
        Node(
          name: "partner_\(node.name)", operation: node.operation,
          inputs: node.inputs.map { Value(node: copies[$0.node] ?? $0.node, output: $0.output) }))
    }
    nodes.append(Node(name: Self.shareInput, operation: Input(nominal: [1, 1, 1, 1]), inputs: []))
    let loss = outputs[0]
    let other = Value(node: copies[loss.node] ?? loss.node, output: loss.output)
    nodes.append(
      Node(
        name: "blended_loss", operation: BlendedLoss(), inputs: [loss, other, Value(node: nodes.count - 1)]))
    return try Graph(nodes: nodes, outputs: [Value(node: nodes.count - 1)] + outputs.dropFirst())
  }
}
