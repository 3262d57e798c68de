import Graphs
import Layers
import TensorCore
import Testing

@Suite struct GradientFlowTests {
  private func graph() throws -> Graph {
    let trunk = try network([1, 4, 4, 2]) { image in
      let a = try image.conv(2, kernel: 3, "a").relu()
      let b = try a.conv(2, kernel: 3, "b").relu()
      // Nothing that is differentiated reads this.
      let side = try b.conv(2, kernel: 3, "side")
      return [try b.conv(3, kernel: 1, "c"), side]
    }
    return try trunk.withLoss(SoftmaxCrossEntropy())
  }

  private func flowing(_ graph: Graph, trained: Set<String>) -> [String] {
    let flow = GradientFlow(graph) { trained.contains($0.name) }
    return zip(graph.nodes, flow.flows).filter(\.1).map(\.0.name)
  }

  @Test func reachesEveryTrainedLayerBeforeTheLoss() throws {
    let graph = try graph()
    #expect(
      flowing(graph, trained: ["a", "b", "c", "side"]) == ["a", "relu_2", "b", "relu_4", "c", "loss"])
  }

  @Test func stopsAtFrozenLayersThatHaveNothingTrainedBefore() throws {
    let graph = try graph()
    #expect(flowing(graph, trained: ["c"]) == ["c", "loss"])
    #expect(flowing(graph, trained: ["b"]) == ["b", "relu_4", "c", "loss"])
    #expect(flowing(graph, trained: ["a"]) == ["a", "relu_2", "b", "relu_4", "c", "loss"])
    #expect(flowing(graph, trained: []) == [])
    #expect(flowing(graph, trained: ["side"]) == [])
  }

  @Test func wantsNoGradientOfInputsLabelsOrIndices() throws {
    let graph = try graph()
    let flow = GradientFlow(graph) { !($0.operation is Input) }
    #expect(!flow.wants(Graph.Value(node: 0)))
    #expect(!flow.wants(Graph.Value(node: graph.nodes.count - 2)))
    #expect(flow.wants(Graph.Value(node: 1)))
    #expect(!flow.wants(Graph.Value(node: 1, output: 1)))
  }

  @Test func doesNotPassThroughIndices() throws {
    let graph = try network([1, 4, 4, 2]) { image in
      let pool = try image.conv(2, kernel: 3, "a").maxPoolWithIndices(kernel: 2, stride: 2)
      let deep = try image.maxPool(kernel: 2, stride: 2).conv(2, kernel: 1, "b")
      return try image.builder.add(
        MaxUnpool2D(kernel: 2, stride: 2), name: "unpool", inputs: [deep, pool.indices])
    }
    #expect(flowing(graph, trained: ["a", "b"]) == ["b", "unpool"])
  }
}
