import Layers
import TensorCore

extension Graph {
  /// The names of the input and the node that `withLoss` adds.
  public static let labelsInput = "labels"

  /// The network for training: an input `labels` `[N, H, W, 1]` of class indices is added, and a loss behind the
  /// logits. The outputs are the loss and the logits.
  ///
  /// Auxiliary logits get the same loss, and what is differentiated is the sum by their weights, `total_loss`.
  public func withLoss(_ loss: SoftmaxCrossEntropy) throws(GraphError) -> Graph {
    let shapes = try inferShapes()
    let logits = outputs[0]
    let labels = Value(node: nodes.count)
    var (heads, weights) = ([Node](), [Float]())
    for output in outputs {
      let auxiliary = nodes[output.node].operation as? AuxiliaryLogits
      guard output == logits || auxiliary != nil else { continue }
      let name = heads.isEmpty ? "loss" : "auxiliary_loss_\(heads.count)"
      heads.append(Node(name: name, operation: loss, inputs: [output, labels]))
      weights.append(auxiliary?.weight ?? 1)
    }
    let losses = heads.indices.map { Value(node: nodes.count + 1 + $0) }
    if losses.count > 1 {
      heads.append(Node(name: "total_loss", operation: WeightedSum(weights), inputs: losses))
    }
    let input = Node(
      name: Self.labelsInput, operation: Input(nominal: shapes[logits].with(channels: 1)), inputs: [])
    return try Graph(
      nodes: nodes + [input] + heads, outputs: [Value(node: nodes.count + heads.count), logits])
  }
}
