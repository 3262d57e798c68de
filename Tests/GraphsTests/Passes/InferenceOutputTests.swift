import Graphs
import Layers
import TensorCore
import Testing

@Suite struct InferenceOutputTests {
  private func twoHeads() throws -> Graph {
    try network([1, 6, 5, 3]) { image in
      let stem = try image.conv(4, kernel: 3, "stem")
      let side = try stem.conv(2, kernel: 1, "side").auxiliary(weight: 0.25)
      let pooled = try stem.maxPool(kernel: 2, stride: 2)
      return [try pooled.conv(2, kernel: 1, "head").resized(like: image, .nearest), side]
    }
  }

  @Test func keepsWhatTheFirstOutputNeeds() throws {
    let graph = try twoHeads()
    let bare = try graph.forInference()
    #expect(graph.nodes.map(\.name).filter { $0.hasPrefix("side") || $0.hasPrefix("auxiliary") }.count == 2)
    #expect(bare.nodes.count == graph.nodes.count - 2)
    #expect(bare.outputs.count == 1)
    #expect(bare.nodes[bare.outputs[0].node].name == graph.nodes[graph.outputs[0].node].name)
    #expect(try bare.forInference() == bare)
  }

  @Test func trainingSumsTheLossesByTheirWeights() throws {
    let graph = try twoHeads()
    let whole = try graph.withLoss(SoftmaxCrossEntropy())
    #expect(whole.nodes.suffix(4).map(\.name) == ["labels", "loss", "auxiliary_loss_1", "total_loss"])
    let parameters = try graph.initialParameters(seed: 2)
    let plan = try Plan(
      whole, inputs: ["input": [1, 6, 5, 3], "labels": [1, 6, 5, 1]], mode: .training,
      parameters: ParameterStore(whole, parameters), pool: ThreadPool(threads: 1))
    let image = Tensor((0..<90).map { Float($0 % 7) - 3 }, shape: [1, 6, 5, 3])
    let labels = Tensor((0..<30).map { Float($0 % 2) }, shape: [1, 6, 5, 1])
    func loss() throws -> Float {
      try plan.input("input").copy(from: image)
      try plan.input("labels").copy(from: labels)
      plan.forward()
      return plan.output().pointer[0]
    }
    let start = try loss()
    plan.backward()
    // The bias of the side head moves its own loss alone, which counts a quarter.
    let bias = try #require(plan.trained.first { $0.name == "side.bias" })
    let gradient = bias.gradient[0]
    bias.parameter[0] += 0.01
    #expect(abs((try loss() - start) / 0.01 - gradient) < 1e-3)
    #expect(gradient != 0)
  }
}
