import Graphs
import Layers
import Segmentation
import TensorCore
import TestSupport
import Testing

@Suite struct FCNResNetTests {
  private let arguments = ["width": "2", "classes": "3"]

  @Test func inferenceLeavesTheAuxiliaryHeadOut() throws {
    let graph = try NetworkRegistry.graph("fcn_resnet50", arguments: arguments)
    let parameters = try graph.initialParameters(seed: 1)
    let model = try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 1))
    #expect(!model.graph.nodes.contains { $0.name.hasPrefix("aux_classifier") })
    let bare = try NetworkRegistry.graph(
      "fcn_resnet50", arguments: arguments.merging(["auxiliary": "0"]) { $1 })
    let other = try InferenceModel(bare, parameters: parameters, pool: ThreadPool(threads: 1))
    let image = Tensor.random([1, 33, 40, 3], seed: 1)
    #expect(try model.run(image) == (try other.run(image)))
  }

  @Test func theAuxiliaryLossCountsHalf() throws {
    let graph = try NetworkRegistry.graph("fcn_resnet50", arguments: arguments)
    let trained = try graph.withLoss(SoftmaxCrossEntropy())
    let total = trained.nodes[trained.outputs[0].node]
    #expect(total.operation as? WeightedSum == WeightedSum([1, 0.5]))
    #expect(total.inputs.map { trained.nodes[$0.node].name } == ["loss", "auxiliary_loss_1"])
  }
}
