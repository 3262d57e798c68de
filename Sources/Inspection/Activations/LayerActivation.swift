import Graphs
import Images
import Layers
import TensorCore

/// The feature maps of a layer, the strongest first.
public struct LayerActivation: Sendable {
  /// A feature map.
  public struct Channel: Sendable {
    /// Its index in the layer.
    public let index: Int
    /// The mean size of its elements.
    public let strength: Double
    /// Its elements.
    public let map: ValueMap
  }

  /// The layer's name.
  public let layer: String
  /// Its operator.
  public let label: String
  /// The shape of its activation, `[1, H, W, C]`.
  public let shape: Shape
  /// All channels, the strongest first; equal ones by index.
  public let channels: [Channel]
}

extension InspectedNetwork {
  /// The last layer at each resolution on the way down and up again: those that stand before a change of size, and hold
  /// more than one pixel.
  ///
  /// - Throws: `InspectionError.graph`.
  public func layersBeforeChangesOfSize(for input: Shape) throws(InspectionError) -> [Int] {
    let shapes = try shapes(for: input)
    let places = graph.nodes.indices.filter { index in
      guard index + 1 < graph.nodes.count, !(graph.nodes[index].operation is Input) else { return false }
      let (shape, next) = (shapes[index], shapes[index + 1])
      return shape.height * shape.width > 1 && shape.height > 1
        && (shape.height, shape.width) != (next.height, next.width)
    }
    // Paddings and croppings change the size too, by a little.
    return places.filter { index in
      let (shape, next) = (shapes[index], shapes[index + 1])
      return 2 * min(shape.height, next.height) <= max(shape.height, next.height) + 1
    }
  }

  /// What layers make of an input `[1, H, W, C]`.
  ///
  /// - Parameter layers: their indices.
  /// - Throws: `InspectionError.graph` for an input that the network does not take, `.notFinite` for values that are no
  ///   numbers.
  public func activations(
    of layers: [Int], for input: Tensor, pool: ThreadPool, budget: MemoryBudget = .standard
  ) throws(InspectionError) -> [LayerActivation] {
    var found: [Tensor] = []
    do throws(GraphError) {
      let part = try graph.pruned(to: layers.map { Graph.Value(node: $0) })
      let plan = try Plan(
        part, inputs: [self.input: input.shape], mode: .inference,
        parameters: try ParameterStore(part, parameters), pool: pool, budget: budget)
      try plan.input(self.input).copy(from: input)
      plan.forward()
      found = layers.indices.map { plan.output($0).tensor() }
    } catch {
      throw .graph(model: name, error)
    }
    var activations: [LayerActivation] = []
    for (layer, tensor) in zip(layers, found) {
      let node = graph.nodes[layer]
      let channels = (0..<tensor.shape.channels).map { channel in
        let map = ValueMap(tensor, channel: channel)
        let sum = map.values.reduce(0.0) { $0 + Double(abs($1)) }
        return LayerActivation.Channel(
          index: channel, strength: sum / Double(max(1, map.values.count)), map: map)
      }
      guard channels.allSatisfy(\.strength.isFinite) else { throw .notFinite(model: name, layer: node.name) }
      activations.append(
        LayerActivation(
          layer: node.name, label: Self.label(of: node.operation), shape: tensor.shape,
          channels: channels.sorted { ($1.strength, $0.index) < ($0.strength, $1.index) }))
    }
    return activations
  }
}
