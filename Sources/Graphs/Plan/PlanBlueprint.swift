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

  /// The same for the backward run.
  struct Backward {
    /// Which values have gradients.
    let flow: GradientFlow
    /// Where gradients lie.
    let gradients: ValuePlacement
    /// The algorithm of each node for the gradient of its first input.
    let algorithms: [(any Algorithm)?]
    /// The block of gradients of each index in `gradients`; `nil` for one that is never written.
    let gradientRequests: [Int?]
    /// Each node's scratch memory; `nil` for one that does not run.
    let workspaceRequests: [Int?]
    /// For node and input, memory that the operator writes before it is added to what another reader wrote.
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
    var draft = Draft(graph: graph, shapes: shapes, threads: threads, frugal: frugal)
    values = ValuePlacement(graph, shapes: shapes, mode: mode) { _, _ in true }
    let lifetimes = Lifetimes.activations(graph, shapes, values, flow)
    valueRequests = zip(values.blocks, lifetimes.spans).map { draft.take($0, $1 ?? 0...0) }
    algorithms = graph.nodes.map { draft.algorithm($0, .forward) }
    let algorithms = algorithms
    workspaceRequests = graph.nodes.indices.map { draft.takeWorkspace($0, .forward, algorithms[$0]) }
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

  private static func backward(_ flow: GradientFlow, _ draft: inout Draft) -> Backward {
    let (graph, shapes) = (draft.graph, draft.shapes)
    let readers = graph.readers
    let gradients = ValuePlacement(graph, shapes: shapes, mode: nil) { value, concatenation in
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
        ? draft.algorithm(node, .backward) : nil
    }
    let workspaces = graph.nodes.indices.map {
      flow.flows[$0] ? draft.takeWorkspace($0, .backward, algorithms[$0]) : nil
    }
    var written: Set<Graph.Value> = []
    var additions: [Graph.Value: Int] = [:]
    for (index, node) in graph.nodes.enumerated().reversed() where flow.flows[index] {
      for (position, input) in node.inputs.enumerated() where flow.wants(input) {
        if written.insert(input).inserted { continue }
        let moment = draft.backwardMoment(index)
        additions[Graph.Value(node: index, output: position)] = draft.take(
          shapes[input].count, moment...moment)
      }
    }
    return Backward(
      flow: flow, gradients: gradients, algorithms: algorithms, gradientRequests: gradientRequests,
      workspaceRequests: workspaces, additions: additions)
  }
}

/// A blueprint in the making.
private struct Draft {
  let graph: Graph
  let shapes: [[Shape]]
  let threads: Int
  let frugal: Bool
  private(set) var requests: [ArenaLayout.Request] = []

  init(graph: Graph, shapes: [[Shape]], threads: Int, frugal: Bool) {
    (self.graph, self.shapes, self.threads, self.frugal) = (graph, shapes, threads, frugal)
  }

  /// When node `index` runs backward.
  func backwardMoment(_ index: Int) -> Int { 2 * graph.nodes.count - 1 - index }

  func inputs(_ index: Int) -> [Shape] { graph.nodes[index].inputs.map { shapes[$0] } }

  mutating func take(_ count: Int, _ lifetime: ClosedRange<Int>) -> Int {
    requests.append(ArenaLayout.Request(count: count, lifetime: lifetime))
    return requests.count - 1
  }

  /// Operator and algorithm use the same scratch memory, one after the other.
  mutating func takeWorkspace(
    _ index: Int, _ direction: Direction, _ algorithm: (any Algorithm)?
  ) -> Int {
    let own = graph.nodes[index].operation.workspace(for: inputs(index), direction, threads: threads)
    let moment = direction == .forward ? index : backwardMoment(index)
    return take(max(own, algorithm?.workspace(threads: threads) ?? 0), moment...moment)
  }

  func algorithm(_ node: Graph.Node, _ direction: Direction) -> (any Algorithm)? {
    let candidates = node.operation.algorithms(for: node.inputs.map { shapes[$0] }, direction)
    guard frugal else { return candidates.first }
    return candidates.min { need(of: $0) < need(of: $1) }
  }

  private func need(of algorithm: any Algorithm) -> Int {
    algorithm.packedCount + algorithm.workspace(threads: threads)
  }
}
