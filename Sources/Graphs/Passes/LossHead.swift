import Layers
import TensorCore

extension Graph {
  /// The names of the input and the node that `withLoss` adds.
  public static let labelsInput = "labels"

  /// The network for training: an input `labels` `[N, H, W, 1]` of class indices is added, and a loss behind the
  /// logits. The outputs are the loss and the logits.
  ///
  /// Auxiliary logits get the same loss, and what is differentiated is the sum by their weights, `total_loss`.
  public func withLoss(_ loss: any Operator) throws(GraphError) -> Graph { try withLoss([(loss, 1)]) }

  /// The network for training by a sum of losses, each by its weight.
  ///
  /// - Parameter terms: at least one; each takes logits and labels and gives one number. Nodes of several are called
  ///   `loss.0`, `loss.1` and so on.
  public func withLoss(_ terms: [(loss: any Operator, weight: Float)]) throws(GraphError) -> Graph {
    precondition(!terms.isEmpty, "a training has a loss")
    let shapes = try inferShapes()
    let logits = outputs[0]
    let labels = Value(node: nodes.count)
    var (heads, weights) = ([Node](), [Float]())
    for output in outputs {
      let auxiliary = nodes[output.node].operation as? AuxiliaryLogits
      guard output == logits || auxiliary != nil else { continue }
      let name = heads.isEmpty ? "loss" : "auxiliary_loss_\(heads.count / terms.count)"
      for (index, term) in terms.enumerated() {
        heads.append(
          Node(
            name: terms.count == 1 ? name : "\(name).\(index)", operation: term.loss,
            inputs: [output, labels]))
        weights.append((auxiliary?.weight ?? 1) * term.weight)
      }
    }
    let losses = heads.indices.map { Value(node: nodes.count + 1 + $0) }
    if losses.count > 1 || weights[0] != 1 {
      heads.append(Node(name: "total_loss", operation: WeightedSum(weights), inputs: losses))
    }
    let input = Node(
      name: Self.labelsInput, operation: Input(nominal: shapes[logits].with(channels: 1)), inputs: [])
    return try Graph(
      nodes: nodes + [input] + heads, outputs: [Value(node: nodes.count + heads.count), logits])
  }
}
