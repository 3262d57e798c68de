import Layers
import TensorCore

/// A network in two: the trunk, which a training that freezes parameters does not change, and the head behind it.
///
/// The trunk holds every node before which nothing is trained and nothing is drawn by chance. What it gives for an
/// image is the same in every epoch; it runs as in inference, and no gradient enters it. Nodes without a parameter, such
/// as those that fit the image to the network, are not worth a trunk of their own.
public struct FrozenSplit: Sendable {
  /// From the image to the features; `nil` where nothing can be split off.
  public let trunk: Graph?
  /// From the features, and the image where it is read, to the network's outputs.
  public let head: Graph
  /// The names of the head's inputs that are outputs of the trunk, in their order.
  public let features: [String]
}

extension Graph {
  /// Splits the network where it is first trained.
  ///
  /// - Parameter isFrozen: whether a parameter of that name stays as it is.
  public func split(isFrozen: (String) -> Bool) throws(GraphError) -> FrozenSplit {
    let isLive = try liveNodes(isFrozen)
    var boundary: [Value] = []
    for (index, node) in nodes.enumerated() where isLive[index] {
      for value in node.inputs where !isLive[value.node] && !boundary.contains(value) {
        boundary.append(value)
      }
    }
    let features = boundary.filter { !(nodes[$0.node].operation is Input) }
    let none = FrozenSplit(trunk: nil, head: self, features: [])
    guard !features.isEmpty else { return none }
    let trunk = try pruned(to: features)
    guard try !trunk.parameterSpecs().isEmpty, outputs.allSatisfy({ isLive[$0.node] }) else { return none }
    let shapes = try inferShapes()
    var (heads, places) = ([Node](), [Value: Value]())
    var names: [String] = []
    for value in boundary {
      let node = nodes[value.node]
      let isImage = node.operation is Input
      let name = isImage || value.output == 0 ? node.name : "\(node.name):\(value.output)"
      if !isImage { names.append(name) }
      places[value] = Value(node: heads.count)
      heads.append(
        Node(name: name, operation: isImage ? node.operation : Input(nominal: shapes[value]), inputs: []))
    }
    for (index, node) in nodes.enumerated() where isLive[index] {
      let inputs = node.inputs.map {
        places[$0] ?? Value(node: places[Value(node: $0.node)]?.node ?? 0, output: $0.output)
      }
      places[Value(node: index)] = Value(node: heads.count)
      heads.append(Node(name: node.name, operation: node.operation, inputs: inputs))
    }
    let head = try Graph(
      nodes: heads,
      outputs: outputs.map { Value(node: places[Value(node: $0.node)]?.node ?? 0, output: $0.output) })
    return FrozenSplit(trunk: trunk, head: head, features: names)
  }

  /// For each node, whether training changes what it gives.
  private func liveNodes(_ isFrozen: (String) -> Bool) throws(GraphError) -> [Bool] {
    var trained: Set<String> = []
    // A batch norm's statistics are no optimiser's business, but change all the same.
    for parameter in try parameterSpecs() where !isFrozen(parameter.name) {
      trained.insert(String(parameter.name.dropLast(parameter.spec.name.count + 1)))
    }
    var isLive = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let isRandom = node.operation is Dropout || node.operation is StochasticPool2D
      isLive[index] = isRandom || trained.contains(node.name) || node.inputs.contains { isLive[$0.node] }
    }
    return isLive
  }
}
