import Layers
import TensorCore

extension Graph {
  /// The names of the input and the node that `withLoss` adds.
  public static let labelsInput = "labels"

  /// The network for training: an input `labels` `[N, H, W, 1]` of class indices is added, and a loss behind the
  /// logits. The outputs are the loss and the logits.
  public func withLoss(_ loss: SoftmaxCrossEntropy) throws(GraphError) -> Graph {
    let shapes = try inferShapes()
    let logits = outputs[0]
    let labels = Node(
      name: Self.labelsInput, operation: Input(nominal: shapes[logits].with(channels: 1)), inputs: [])
    let head = Node(
      name: "loss", operation: loss, inputs: [logits, Value(node: nodes.count)])
    return try Graph(
      nodes: nodes + [labels, head], outputs: [Value(node: nodes.count + 1), logits])
  }
}
