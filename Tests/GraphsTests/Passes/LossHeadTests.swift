import Graphs
import Layers
import TensorCore
import Testing

@Suite struct LossHeadTests {
  @Test func putsALossBehindTheLogits() throws {
    let network = try miniUNet([2, 8, 8, 3])
    let graph = try network.withLoss(SoftmaxCrossEntropy())
    #expect(graph.nodes.dropLast(2).map(\.name) == network.nodes.map(\.name))
    #expect(graph.nodes.suffix(2).map(\.name) == ["labels", "loss"])
    #expect(graph.outputs == [Graph.Value(node: network.nodes.count + 1), network.outputs[0]])
    let shapes = try graph.inferShapes(["input": [3, 9, 5, 3], "labels": [3, 9, 5, 1]])
    #expect(shapes[graph.outputs[0]] == [1, 1, 1, 1])
    #expect(shapes[graph.outputs[1]] == [3, 9, 5, 3])
  }

  @Test func saysThatLabelsAreOfAnotherSize() throws {
    let graph = try miniUNet().withLoss(SoftmaxCrossEntropy())
    let error = #expect(throws: GraphError.self) {
      try graph.inferShapes(["input": [1, 9, 5, 3], "labels": [1, 9, 6, 1]])
    }
    #expect(
      error?.description
        == "loss: softmax_cross_entropy: expected an input of [1, 9, 5, 1], found [1, 9, 6, 1]")
  }

  @Test func refusesANetworkWithSuchANodeAlready() throws {
    let graph = try network([1, 4, 4, 3]) { [try $0.conv(2, kernel: 1, "labels")] }
    #expect(throws: GraphError.duplicateName("labels")) { try graph.withLoss(SoftmaxCrossEntropy()) }
  }

  @Test func weighsTheClassesThatItIsGiven() throws {
    let error = #expect(throws: GraphError.self) {
      try miniUNet().withLoss(SoftmaxCrossEntropy(classWeights: [1, 2])).inferShapes()
    }
    #expect(
      error?.description == "loss: softmax_cross_entropy: expected class weights for 3 classes, found 2")
  }
}
