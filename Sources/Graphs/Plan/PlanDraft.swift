import Layers
import TensorCore

/// A blueprint in the making.
struct PlanDraft {
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

  /// Threads for which algorithms are weighed: a choice by the real number would make bits depend on it.
  static let nominalThreads = 8

  func algorithm(_ node: Graph.Node, _ direction: Direction) -> (any Algorithm)? {
    let candidates = node.operation.algorithms(for: node.inputs.map { shapes[$0] }, direction)
    guard frugal else { return candidates.first }
    return candidates.min { need(of: $0) < need(of: $1) }
  }

  private func need(of algorithm: any Algorithm) -> Int {
    algorithm.packedCount + algorithm.workspace(threads: Self.nominalThreads)
  }
}
