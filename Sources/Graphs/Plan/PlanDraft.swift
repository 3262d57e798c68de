import Layers
import TensorCore

/// A blueprint in the making.
struct PlanDraft {
  let graph: Graph
  let shapes: [[Shape]]
  let threads: Int
  let frugal: Bool
  /// Whether a training step changes any of a node's parameters.
  let isTrained: [Bool]
  private(set) var requests: [ArenaLayout.Request] = []

  init(graph: Graph, shapes: [[Shape]], threads: Int, frugal: Bool, isTrained: [Bool]) {
    (self.graph, self.shapes, self.threads, self.frugal) = (graph, shapes, threads, frugal)
    self.isTrained = isTrained
  }

  /// When node `index` runs backward.
  func backwardMoment(_ index: Int) -> Int { 2 * graph.nodes.count - 1 - index }

  func inputs(_ index: Int) -> [Shape] { graph.nodes[index].inputs.map { shapes[$0] } }

  mutating func take(_ count: Int, _ lifetime: ClosedRange<Int>) -> Int {
    requests.append(ArenaLayout.Request(count: count, lifetime: lifetime))
    return requests.count - 1
  }

  /// Operator and algorithms use the same scratch memory, one after the other.
  mutating func takeWorkspace(
    _ index: Int, _ direction: Direction, _ algorithm: (any Algorithm)?,
    _ weightGradient: (any WeightGradientAlgorithm)? = nil
  ) -> Int {
    let own = graph.nodes[index].operation.workspace(for: inputs(index), direction, threads: threads)
    let moment = direction == .forward ? index : backwardMoment(index)
    let ofAlgorithms = [
      algorithm?.workspace(threads: threads), weightGradient?.workspace(threads: threads),
    ]
    return take(ofAlgorithms.reduce(own) { max($0, $1 ?? 0) }, moment...moment)
  }

  /// Packed weights that a training step makes anew and needs for one moment; `nil` where the parameter store keeps
  /// them, or there are none.
  mutating func takePacked(
    _ index: Int, _ direction: Direction, _ algorithm: (any Algorithm)?
  ) -> Int? {
    guard let algorithm, algorithm.packedCount > 0, isTrained[index] else { return nil }
    let moment = direction == .forward ? index : backwardMoment(index)
    return take(algorithm.packedCount, moment...moment)
  }

  /// Threads for which algorithms are weighed: a choice by the real number would make bits depend on it.
  static let nominalThreads = 8

  func algorithm(_ index: Int, _ direction: Direction) -> (any Algorithm)? {
    let node = graph.nodes[index]
    let candidates = node.operation.algorithms(for: node.inputs.map { shapes[$0] }, direction).map {
      isTrained[index] ? $0.forChangingWeights ?? $0 : $0
    }
    guard frugal else { return candidates.first }
    return candidates.min { need(of: $0) < need(of: $1) }
  }

  func weightGradient(_ node: Graph.Node) -> (any WeightGradientAlgorithm)? {
    let candidates = node.operation.weightGradients(for: node.inputs.map { shapes[$0] })
    guard frugal else { return candidates.first }
    return candidates.min {
      $0.workspace(threads: Self.nominalThreads) < $1.workspace(threads: Self.nominalThreads)
    }
  }

  private func need(of algorithm: any Algorithm) -> Int {
    algorithm.packedCount + algorithm.workspace(threads: Self.nominalThreads)
  }
}
