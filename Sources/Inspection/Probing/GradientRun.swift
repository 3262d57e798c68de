import Graphs
import Layers
import TensorCore

/// A network at one input size that runs forward, and backward from a weighted sum of one layer's elements to the
/// layers that are tapped.
///
/// It belongs to one thread at a time.
public final class GradientRun {
  private let plan: Plan
  private let network: InspectedNetwork
  private let taps: [String]
  private static let objective = "inspection:objective"

  /// Plans the run.
  ///
  /// - Parameters:
  ///   - input: the shape of the input, `[N, H, W, C]`.
  ///   - layer: the layer whose elements are summed, by its index.
  ///   - taps: the layers whose activations and gradients are kept, by index; that of the input is that of the image.
  ///   - rule: what ReLUs pass back.
  /// - Throws: `InspectionError.noMap` for a tap that the layer does not depend on; `.graph` when the network does not
  ///   take the shape, or memory does not suffice.
  public init(
    _ network: InspectedNetwork, input: Shape, layer: Int, taps: [Int], rule: RectifierRule = .derivative,
    pool: ThreadPool, budget: MemoryBudget = .standard
  ) throws(InspectionError) {
    self.network = network
    self.taps = taps.map { network.graph.nodes[$0].name }
    if let missing = taps.first(where: { !network.layer(layer, dependsOn: $0) }) {
      let shape = try network.shapes(for: input)[missing]
      throw .noMap(layer: network.graph.nodes[missing].name, height: shape.height, width: shape.width)
    }
    do throws(GraphError) {
      let part = try network.graph.pruned(to: [Graph.Value(node: layer)])
      let graph = try part.tapped(self.taps, rule: rule, objective: Self.objective)
      let inputs = [network.input: input]
      let shapes = try graph.inferShapes(inputs)
      let kept = Set(self.taps.map { "\($0):tap.\(ActivationTap.parameter)" })
      let sized = try graph.resized(to: shapes)
      try Self.check(sized, inputs, kept, budget)
      var parameters = network.parameters
      for (index, node) in graph.nodes.enumerated()
      where node.operation is ActivationTap || node.operation is WeightedTotal {
        for spec in node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] }) {
          parameters["\(graph.nodes[index].name).\(spec.name)"] = Tensor(zeros: spec.shape)
        }
      }
      plan = try Plan(
        sized, inputs: inputs, mode: .training, parameters: try ParameterStore(sized, parameters),
        pool: pool, budget: budget, isFrozen: { !kept.contains($0) })
    } catch {
      throw .graph(model: network.name, error)
    }
  }

  /// Throws unless the budget holds the plan and its taps, none of which has taken memory yet.
  private static func check(
    _ graph: Graph, _ inputs: [String: Shape], _ kept: Set<String>, _ budget: MemoryBudget
  ) throws(GraphError) {
    let memory = try graph.planMemory(inputs, mode: .training, frugal: true) { !kept.contains($0) }
    let size = inputs.values.map(\.description).sorted().joined(separator: " and ")
    do throws(MemoryError) {
      // The taps themselves are as large as their gradients.
      try budget.check(memory.arena + 2 * memory.gradients, for: "a plan for \(size)")
    } catch {
      throw .memory(error)
    }
  }

  /// Runs forward on an input; what the layer gives.
  @discardableResult
  public func forward(_ input: Tensor) throws(InspectionError) -> Tensor {
    do throws(GraphError) {
      try plan.input(network.input).copy(from: input)
    } catch {
      throw .graph(model: network.name, error)
    }
    plan.forward()
    return plan.output(1).tensor()
  }

  /// The activation of a tapped layer in the last forward run.
  public func activation(ofTap index: Int) -> Tensor { plan.output(2 + index).tensor() }

  /// Runs backward from the sum of the layer's elements by these weights, of the layer's shape.
  public func backward(weights: Tensor) throws(InspectionError) {
    precondition(weights.count == plan.output(1).shape.count, "a weight for each element")
    do throws(GraphError) {
      let target = try plan.parameters.pointer("\(Self.objective).\(WeightedTotal.parameter)")
      weights.withUnsafeElements { elements in
        if let base = elements.baseAddress { target.update(from: base, count: elements.count) }
      }
    } catch {
      throw .graph(model: network.name, error)
    }
    plan.backward()
  }

  /// The gradient of that sum with respect to a tapped layer's activation, of its shape; zeros where it does not depend
  /// on it.
  public func gradient(ofTap index: Int) -> Tensor {
    let shape = plan.output(2 + index).shape
    let name = "\(taps[index]):tap.\(ActivationTap.parameter)"
    guard let trained = plan.trained.first(where: { $0.name == name }) else { return Tensor(zeros: shape) }
    return TensorView(trained.gradient, shape: shape).tensor()
  }
}

extension Graph {
  /// The network with taps behind some nodes, another rule for its ReLUs, and a weighted total behind its first output.
  ///
  /// The outputs are the total, the old output, and the taps in their order.
  fileprivate func tapped(
    _ taps: [String], rule: RectifierRule, objective: String
  ) throws(GraphError) -> Graph {
    var nodes: [Node] = []
    var places: [Int: Int] = [:]
    var tapped: [Int: Int] = [:]
    var named: [String: Value] = [:]
    func moved(_ value: Value) -> Value {
      if value.output == 0, let tap = tapped[value.node] { return Value(node: tap) }
      return Value(node: places[value.node] ?? 0, output: value.output)
    }
    for (index, node) in self.nodes.enumerated() {
      var operation = node.operation
      if rule != .derivative, (operation as? ActivationLayer)?.activation == .relu {
        operation = RuledRectifier(rule: rule)
      }
      places[index] = nodes.count
      nodes.append(Node(name: node.name, operation: operation, inputs: node.inputs.map(moved)))
      if taps.contains(node.name) {
        tapped[index] = nodes.count
        named[node.name] = Value(node: nodes.count)
        nodes.append(
          Node(name: "\(node.name):tap", operation: ActivationTap(), inputs: [Value(node: nodes.count - 1)]))
      }
    }
    let output = moved(outputs[0])
    nodes.append(Node(name: objective, operation: WeightedTotal(), inputs: [output]))
    return try Graph(
      nodes: nodes,
      outputs: [Value(node: nodes.count - 1), output] + taps.compactMap { named[$0] })
  }

  /// The same network with inputs whose nominal shapes are these, so that parameters have the shapes of a real input.
  fileprivate func resized(to shapes: [[Shape]]) throws(GraphError) -> Graph {
    try Graph(
      nodes: nodes.enumerated().map { index, node in
        node.operation is Input
          ? Node(name: node.name, operation: Input(nominal: shapes[index][0]), inputs: []) : node
      }, outputs: outputs)
  }
}
