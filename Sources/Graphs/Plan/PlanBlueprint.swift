import Layers
import TensorCore

/// What a plan has decided before it takes any memory: places, lifetimes, algorithms, and the size of it all.
///
/// Moments: node `i` runs forward at `i` and backward at `2n - 1 - i`, of `n` nodes.
struct PlanBlueprint {
  let shapes: [[Shape]]
  let values: ValuePlacement
  let gradients: ValuePlacement?
  let flow: GradientFlow?
  /// The algorithm of each node, forward and backward.
  let forward: [(any Algorithm)?]
  let backward: [(any Algorithm)?]
  let layout: ArenaLayout

  /// Indices into `layout.offsets`.
  let valueRequests: [Int]
  let gradientRequests: [Int]
  let savedRequests: [[Int]]
  let forwardWorkspace: [Int]
  let backwardWorkspace: [Int]
  /// For node and input, memory that the operator writes before it is added to what another reader wrote.
  private(set) var additions: [Graph.Value: Int] = [:]
  /// Last moment of each request, for tests that poison what is free.
  let requests: [ArenaLayout.Request]

  init(
    _ graph: Graph, shapes: [[Shape]], mode: Mode, threads: Int, frugal: Bool,
    isTrained: (Graph.Node) -> Bool
  ) {
    let count = graph.nodes.count
    let last = 2 * count - 1
    let flow = mode == .training ? GradientFlow(graph, isTrained: isTrained) : nil
    let readers = graph.readers
    let values = ValuePlacement(graph, shapes: shapes, mode: mode) { _, _ in true }
    var requests: [ArenaLayout.Request] = []
    func take(_ elements: Int, _ lifetime: ClosedRange<Int>) -> Int {
      requests.append(ArenaLayout.Request(count: elements, lifetime: lifetime))
      return requests.count - 1
    }

    // Activations: from the writer to the last reader, forward or backward.
    var lifetimes = [ClosedRange<Int>?](repeating: nil, count: values.blocks.count)
    func extend(_ value: Graph.Value, to moment: Int) {
      let block = values[value].block
      lifetimes[block] =
        lifetimes[block].map {
          min($0.lowerBound, moment)...max($0.upperBound, moment)
        } ?? moment...moment
    }
    for (index, node) in graph.nodes.enumerated() {
      // What the caller writes or reads lives as long as a run does.
      let isInput = node.operation is Input
      for output in shapes[index].indices {
        extend(Graph.Value(node: index, output: output), to: isInput ? 0 : index)
      }
      for input in node.inputs { extend(input, to: index) }
      guard let flow, flow.flows[index] else { continue }
      if node.operation.backwardReads.contains(.inputs) {
        for input in node.inputs { extend(input, to: last - index) }
      }
      if node.operation.backwardReads.contains(.outputs) {
        for output in shapes[index].indices {
          extend(Graph.Value(node: index, output: output), to: last - index)
        }
      }
    }
    for output in graph.outputs { extend(output, to: last) }
    valueRequests = lifetimes.indices.map { take(values.blocks[$0], lifetimes[$0] ?? 0...0) }

    // Algorithms and scratch memory.
    func choose(_ node: Graph.Node, _ direction: Direction) -> (any Algorithm)? {
      let candidates = node.operation.algorithms(for: node.inputs.map { shapes[$0] }, direction)
      guard frugal else { return candidates.first }
      return candidates.min {
        $0.packedCount + $0.workspace(threads: threads) < $1.packedCount + $1.workspace(threads: threads)
      }
    }
    func scratch(_ index: Int, _ direction: Direction, _ algorithm: (any Algorithm)?) -> Int {
      let node = graph.nodes[index]
      let own = node.operation.workspace(
        for: node.inputs.map { shapes[$0] }, direction, threads: threads)
      let moment = direction == .forward ? index : last - index
      return take(max(own, algorithm?.workspace(threads: threads) ?? 0), moment...moment)
    }
    forward = graph.nodes.map { choose($0, .forward) }
    let forward = forward
    forwardWorkspace = graph.nodes.indices.map { scratch($0, .forward, forward[$0]) }
    savedRequests = graph.nodes.enumerated().map { index, node in
      guard mode == .training else { return [] }
      let end = flow?.flows[index] == true ? last - index : index
      return node.operation.savedShapes(for: node.inputs.map { shapes[$0] }).map {
        take($0.count, index...end)
      }
    }

    guard let flow else {
      (gradients, self.flow, backward) = (nil, nil, [])
      (gradientRequests, backwardWorkspace) = ([], [])
      (self.shapes, self.values, self.requests) = (shapes, values, requests)
      layout = ArenaLayout(requests)
      return
    }

    // Gradients: from the last reader of the value, which runs backward first, to its writer.
    let gradients = ValuePlacement(graph, shapes: shapes, mode: nil) { value, concatenation in
      // Another reader behind the concatenation would write into the slice before the joined gradient does.
      flow.wants(value) && flow.flows[concatenation] && readers[value.node].last == concatenation
        && !graph.outputs.contains(value)
    }
    var spans = [ClosedRange<Int>?](repeating: nil, count: gradients.blocks.count)
    func span(_ value: Graph.Value, _ moment: Int) {
      let block = gradients[value].block
      spans[block] =
        spans[block].map {
          min($0.lowerBound, moment)...max($0.upperBound, moment)
        } ?? moment...moment
    }
    for (index, node) in graph.nodes.enumerated() where flow.flows[index] {
      span(Graph.Value(node: index), last - index)
      for input in node.inputs where flow.wants(input) { span(input, last - index) }
    }
    if let root = graph.outputs.first, flow.flows[root.node] { span(root, count) }
    gradientRequests = spans.indices.map { spans[$0] == nil ? -1 : take(gradients.blocks[$0], spans[$0]!) }
    backward = graph.nodes.enumerated().map { index, node in
      flow.flows[index] && node.inputs.first.map(flow.wants) == true ? choose(node, .backward) : nil
    }
    let backward = backward
    backwardWorkspace = graph.nodes.indices.map {
      flow.flows[$0] ? scratch($0, .backward, backward[$0]) : -1
    }
    var written: Set<Graph.Value> = []
    for (index, node) in graph.nodes.enumerated().reversed() where flow.flows[index] {
      for (position, input) in node.inputs.enumerated() where flow.wants(input) {
        if !written.insert(input).inserted {
          additions[Graph.Value(node: index, output: position)] = take(
            shapes[input].count, last - index...last - index)
        }
      }
    }
    (self.gradients, self.flow) = (gradients, flow)
    (self.shapes, self.values, self.requests) = (shapes, values, requests)
    layout = ArenaLayout(requests)
  }
}
