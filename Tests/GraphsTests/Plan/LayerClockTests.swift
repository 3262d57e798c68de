import Graphs
import Layers
import TensorCore
import Testing

@Suite struct LayerClockTests {
  private let example: TrainingCase

  init() throws { example = try TrainingCase(miniUNet([1, 16, 16, 3]), [1, 16, 16, 3]) }

  private func plan() throws -> Plan {
    try Plan(
      example.graph, inputs: [:], mode: .training,
      parameters: ParameterStore(example.graph, example.parameters), pool: ThreadPool(threads: 1))
  }

  @Test func measuresEveryNodeThatRuns() throws {
    let plan = try plan()
    #expect(plan.layerTimes.isEmpty)
    plan.clock = LayerClock()
    #expect(plan.layerTimes.isEmpty)
    try plan.input("input").copy(from: example.input)
    try plan.input(Graph.labelsInput).copy(from: example.labels)
    for _ in 0..<3 {
      plan.forward()
      plan.backward()
    }
    let times = plan.layerTimes
    #expect(times.allSatisfy { $0.duration > .zero })
    let forward = times.filter { $0.direction == .forward }
    // Concatenations whose inputs lie in their output do not run.
    let joined = times.filter { $0.label == "concat" }
    #expect(joined.isEmpty)
    let macs = try example.graph.macs([:]).reduce(0, +)
    #expect(forward.reduce(0) { $0 + $1.macs } == macs)
    // The gradient of the image is not wanted: every other layer has two products of its size backward.
    let first = try #require(forward.first { $0.macs > 0 })
    let backward = times.filter { $0.direction == .backward }
    #expect(backward.reduce(0) { $0 + $1.macs } == 2 * macs - first.macs)
    #expect(times.filter { $0.macs > 0 }.allSatisfy { !$0.algorithms.isEmpty && $0.products > 0 })
  }

  @Test func frozenLayersHaveNoGradientWork() throws {
    let plan = try Plan(
      example.graph, inputs: [:], mode: .training,
      parameters: ParameterStore(example.graph, example.parameters), pool: ThreadPool(threads: 1),
      isFrozen: { $0 != "head.weight" && $0 != "head.bias" })
    plan.clock = LayerClock()
    try plan.input("input").copy(from: example.input)
    try plan.input(Graph.labelsInput).copy(from: example.labels)
    plan.forward()
    plan.backward()
    let linear = plan.layerTimes.filter { $0.direction == .backward && $0.macs > 0 }
    #expect(linear.count == 1 && linear[0].algorithms.count == 1)
  }
}
