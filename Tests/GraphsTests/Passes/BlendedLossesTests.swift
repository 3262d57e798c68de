import Graphs
import Layers
import TensorCore
import Testing

@Suite struct BlendedLossesTests {
  @Test func everyLossLooksAtBothTruths() throws {
    let network = try miniUNet([2, 8, 8, 3])
    let one = try network.withLoss(SoftmaxCrossEntropy()).blendingLosses()
    #expect(
      one.nodes.suffix(6).map(\.name) == [
        "labels", "loss", "partner_labels", "partner_loss", "share", "blended_loss",
      ])
    #expect(one.outputs == [Graph.Value(node: one.nodes.count - 1), network.outputs[0]])
    let two = try network.withLoss([(SoftmaxCrossEntropy(), 1), (OverlapLoss.dice(), 0.5)]).blendingLosses()
    #expect(
      two.nodes.suffix(10).map(\.name) == [
        "labels", "loss.0", "loss.1", "total_loss", "partner_labels", "partner_loss.0", "partner_loss.1",
        "partner_total_loss", "share", "blended_loss",
      ])
    let total = try #require(two.nodes.first { $0.name == "partner_total_loss" })
    #expect(total.inputs.map { two.nodes[$0.node].name } == ["partner_loss.0", "partner_loss.1"])
    let shapes = try two.inferShapes(
      [
        "input": [3, 9, 5, 3], "labels": [3, 9, 5, 1], "partner_labels": [3, 9, 5, 1], "share": [1, 1, 1, 1],
      ])
    #expect(shapes[two.outputs[0]] == [1, 1, 1, 1])
  }

  @Test func needsALoss() throws {
    let network = try miniUNet()
    #expect(throws: GraphError.self) { try network.blendingLosses() }
    let twice = try network.withLoss(SoftmaxCrossEntropy()).blendingLosses()
    #expect(throws: GraphError.self) { try twice.blendingLosses() }
  }

  /// The gradient of a blend is the blend of the gradients of the two losses, each found by itself.
  @Test func gradientsAreBlended() throws {
    let shape: Shape = [2, 8, 8, 3]
    let network = try miniUNet(shape)
    let parameters = try network.initialParameters(seed: 3)
    var random = RandomStream(seed: 5)
    let image = Tensor((0..<shape.count).map { _ in random.normal() }, shape: shape)
    let labels = (0..<2).map { _ in
      Tensor((0..<shape.pixels).map { _ in Float(random.below(3)) }, shape: shape.with(channels: 1))
    }
    func gradients(_ graph: Graph, _ inputs: [String: Tensor]) throws -> (loss: Float, [String: [Float]]) {
      let plan = try Plan(
        graph, inputs: inputs.mapValues(\.shape), mode: .training,
        parameters: try ParameterStore(network, parameters), pool: ThreadPool(threads: 2))
      for (name, tensor) in inputs { try plan.input(name).copy(from: tensor) }
      plan.forward(seed: 1)
      plan.backward(seed: 1)
      var found: [String: [Float]] = [:]
      for item in plan.trained { found[item.name] = (0..<item.shape.count).map { item.gradient[$0] } }
      return (plan.output(0).pointer[0], found)
    }
    let single = try network.withLoss([(SoftmaxCrossEntropy(), 1), (LovaszSoftmax(), 0.5)])
    let apart = try labels.map { try gradients(single, ["input": image, "labels": $0]) }
    for share in [0, 0.25, 1] as [Float] {
      let both = try gradients(
        try single.blendingLosses(),
        [
          "input": image, "labels": labels[0], "partner_labels": labels[1],
          "share": Tensor([share], shape: [1, 1, 1, 1]),
        ])
      let loss = share * apart[0].loss + (1 - share) * apart[1].loss
      #expect(abs(both.loss - loss) <= 1e-5 * loss)
      for (name, values) in both.1 {
        let (first, second) = (try #require(apart[0].1[name]), try #require(apart[1].1[name]))
        let wanted = zip(first, second).map { share * $0 + (1 - share) * $1 }
        let scale = wanted.map(abs).max() ?? 0
        #expect(zip(values, wanted).allSatisfy { abs($0 - $1) <= 1e-4 * scale + 1e-6 }, "\(name)")
      }
    }
  }
}
