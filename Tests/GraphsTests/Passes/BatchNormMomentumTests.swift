import Graphs
import Layers
import TensorCore
import Testing

@Suite struct BatchNormMomentumTests {
  /// Statistics move by the share of the batch: from 0 towards the batch's mean 3 by a quarter.
  @Test func runningStatisticsMoveByTheShare() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 1, 2, 1])
    let output = try image.batchNorm("norm").relu()
    let graph = try builder.graph(outputs: [output])
    let slower = try graph.withBatchNormMomentum(0.25)
    #expect(slower != graph && slower.nodes.map(\.name) == graph.nodes.map(\.name))
    let store = try ParameterStore(slower, try slower.initialParameters(seed: 0))
    let plan = try Plan(
      slower, inputs: ["input": [1, 1, 2, 1]], mode: .training, parameters: store,
      pool: ThreadPool(threads: 1))
    try plan.input("input").copy(from: Tensor([2, 4], shape: [1, 1, 2, 1]))
    plan.forward()
    #expect(store.tensors["norm.running_mean"]?.elements == [0.75])
    #expect(store.tensors["norm.running_var"]?.elements == [0.75 * 1 + 0.25 * 2])
  }

  @Test func fusedActivationsStay() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 4, 4, 2])
    let graph = try builder.graph(outputs: [try image.batchNorm("norm").relu()])
    let fused = try graph.fusingActivations(for: .training).withBatchNormMomentum(0.01)
    let norm = try #require(fused.nodes.last?.operation as? BatchNorm2D)
    #expect(norm.activation == .relu && norm.momentum == 0.01)
  }
}
