import Layers
import TensorCore

/// What a plan has decided before it takes any memory: places, lifetimes, algorithms, and the size of it all.
struct PlanBlueprint {
  /// Where activations lie.
  let values: ValuePlacement
  /// What is decided for the backward run; `nil` in inference.
  let backward: Backward?
  /// The algorithm of each node.
  let algorithms: [(any Algorithm)?]
  /// All memory that the plan takes from its arena, and when.
  let requests: [ArenaLayout.Request]
  /// Where the requests lie.
  let layout: ArenaLayout

  // Indices of requests.

  /// The block of activations of each index in `values`.
  let valueRequests: [Int]
  /// What each node keeps for backward.
  let savedRequests: [[Int]]
  /// Each node's scratch memory.
  let workspaceRequests: [Int]

  /// Where each node packs its weights anew at every step; `nil` where the parameter store keeps them.
  let packedRequests: [Int?]

  /// The same for the backward run.
  struct Backward {
    /// Which values have gradients.
    let flow: GradientFlow
    /// Where gradients lie.
    let gradients: ValuePlacement
    /// The algorithm of each node for the gradient of its first input.
    let algorithms: [(any Algorithm)?]
    /// The algorithm of each node for the gradient of its weight.
    let weightGradients: [(any WeightGradientAlgorithm)?]
    /// The block of gradients of each index in `gradients`; `nil` for one that is never written.
    let gradientRequests: [Int?]
    /// Each node's scratch memory; `nil` for one that does not run.
    let workspaceRequests: [Int?]
    /// Where each node packs its weights anew at every step; `nil` where the parameter store keeps them.
    let packedRequests: [Int?]
    /// Of each node, the inputs to whose gradient the operator itself adds what another reader has written.
    let accumulations: Set<Graph.Value>
    /// For node and input, memory that an operator which cannot do that writes before it is added.
    let additions: [Graph.Value: Int]
  }

  /// Decides for a graph at given shapes.
  ///
  /// - Parameters:
  ///   - frugal: whether algorithms are chosen by memory instead of speed.
  ///   - isTrained: whether any of a node's parameters is trained.
  init(
    _ graph: Graph, shapes: [[Shape]], mode: Mode, threads: Int, frugal: Bool,
    isTrained: (Graph.Node) -> Bool
  ) {
    let flow = mode == .training ? GradientFlow(graph, isTrained: isTrained) : nil
    var draft = PlanDraft(
      graph: graph, shapes: shapes, threads: threads, frugal: frugal,
      isTrained: graph.nodes.map { mode == .training && isTrained($0) })
    values = ValuePlacement(graph, shapes: shapes, mode: mode) { _, _ in true }
    let lifetimes = Lifetimes.activations(graph, shapes, values, flow)
    valueRequests = zip(values.blocks, lifetimes.spans).map { draft.take($0, $1 ?? 0...0) }
    algorithms = graph.nodes.indices.map { draft.algorithm($0, .forward) }
    let algorithms = algorithms
    workspaceRequests = graph.nodes.indices.map { draft.takeWorkspace($0, .forward, algorithms[$0]) }
    packedRequests = graph.nodes.indices.map { draft.takePacked($0, .forward, algorithms[$0]) }
    savedRequests = graph.nodes.indices.map { index in
      guard let flow else { return [] }
      let end = flow.flows[index] ? draft.backwardMoment(index) : index
      return graph.nodes[index].operation.savedShapes(for: draft.inputs(index)).map {
        draft.take($0.count, index...end)
      }
    }
    backward = flow.map { Self.backward($0, &draft) }
    requests = draft.requests
    layout = ArenaLayout(requests)
  }

  private static func backward(_ flow: GradientFlow, _ draft: inout PlanDraft) -> Backward {
    let (graph, shapes) = (draft.graph, draft.shapes)
    let readers = graph.readers
    let gradients = ValuePlacement(
      graph, shapes: shapes, mode: nil, shares: { SharedGradients.inputs(of: $0, graph, readers, flow) }
    ) { value, concatenation in
      // A reader behind the concatenation would write into the slice before the joined gradient does.
      flow.wants(value) && flow.flows[concatenation] && readers[value.node].last == concatenation
        && !graph.outputs.contains(value)
    }
    let lifetimes = Lifetimes.gradients(graph, gradients, flow)
    let gradientRequests = zip(gradients.blocks, lifetimes.spans).map { count, span in
      span.map { draft.take(count, $0) }
    }
    let algorithms = graph.nodes.enumerated().map { index, node in
      flow.flows[index] && node.inputs.first.map(flow.wants) == true
        ? draft.algorithm(index, .backward) : nil
    }
    let weightGradients = graph.nodes.enumerated().map { index, node in
      flow.flows[index] && draft.isTrained[index] ? draft.weightGradient(node) : nil
    }
    let workspaces = graph.nodes.indices.map {
      flow.flows[$0] ? draft.takeWorkspace($0, .backward, algorithms[$0], weightGradients[$0]) : nil
    }
    let packed = graph.nodes.indices.map { draft.takePacked($0, .backward, algorithms[$0]) }
    var written: Set<Graph.Value> = []
    var additions: [Graph.Value: Int] = [:]
    var accumulations: Set<Graph.Value> = []
    for (index, node) in graph.nodes.enumerated().reversed() where flow.flows[index] {
      for (position, input) in node.inputs.enumerated() where flow.wants(input) {
        if written.insert(input).inserted { continue }
        let place = Graph.Value(node: index, output: position)
        if node.operation.accumulates(input: position) {
          accumulations.insert(place)
        } else {
          let moment = draft.backwardMoment(index)
          additions[place] = draft.take(shapes[input].count, moment...moment)
        }
      }
    }
    return Backward(
      flow: flow, gradients: gradients, algorithms: algorithms, weightGradients: weightGradients,
      gradientRequests: gradientRequests,
      workspaceRequests: workspaces, packedRequests: packed, accumulations: accumulations,
      additions: additions)
  }

  /// Elements of the packed weights that the parameter store keeps, as `count` has them for a weight and an algorithm.
  func packedElements(of graph: Graph, count: (_ weight: String, any Algorithm) -> Int) -> Int {
    var elements = 0
    for (index, node) in graph.nodes.enumerated() {
      for (algorithm, request) in [
        (algorithms[index], packedRequests[index]),
        (backward?.algorithms[index], backward?.packedRequests[index]),
      ] where request == nil {
        if let algorithm { elements += count("\(node.name).weight", algorithm) }
      }
    }
    return elements
  }
}
