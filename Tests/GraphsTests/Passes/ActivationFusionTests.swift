import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct ActivationFusionTests {
  private func same(_ graph: Graph, _ fused: Graph, _ shape: Shape) throws {
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let input = Tensor.random(shape, seed: 3)
    let (before, after) = (try infer(graph, parameters, input), try infer(fused, parameters, input))
    for (old, new) in zip(before, after) {
      #expect(old.largest > 0.1)
      #expect(new.difference(from: old) <= 1e-6 * old.largest)
    }
  }

  @Test(arguments: [Activation.relu, .leakyReLU(slope: 0.1), .tanh])
  func fusesIntoEveryLinearLayerAndBatchNorm(activation: Activation) throws {
    let graph = try network([1, 6, 6, 3]) { image in
      let a = try image.conv(4, kernel: 3, "a").activation(activation)
      let b = try a.transposedConv(3, kernel: 2, stride: 2, bias: false, "b").activation(activation)
      let c = try b.batchNorm("c").activation(activation)
      return [try c.dense(5, "d").activation(activation)]
    }
    let fused = try graph.fusingActivations(for: .inference)
    #expect(fused.nodes.map(\.name) == ["input", "a", "b", "c", "d"])
    #expect(fused.outputs == [Graph.Value(node: 4)])
    try same(graph, fused, [1, 6, 6, 3])
  }

  @Test func leavesValuesThatSomeoneElseReads() throws {
    let graph = try network([1, 6, 6, 3]) { image in
      let a = try image.conv(3, kernel: 3, "a")
      let b = try a.relu().conv(3, kernel: 3, "b")
      let c = try b.relu().conv(3, kernel: 3, "c")
      return [try c.relu().adding(a), c]
    }
    let fused = try graph.fusingActivations(for: .inference)
    #expect(
      fused.nodes.map(\.operation.label) == ["input", "conv2d", "relu", "conv2d", "conv2d", "relu", "add"])
    try same(graph, fused, [1, 6, 6, 3])
  }

  @Test func fusesOneActivationOnly() throws {
    let graph = try network([1, 6, 6, 3]) { [try $0.conv(4, kernel: 3, "a").activation(.tanh).relu()] }
    let fused = try graph.fusingActivations(for: .inference)
    #expect(fused.nodes.map(\.operation.label) == ["input", "conv2d", "relu"])
    try same(graph, fused, [1, 6, 6, 3])
  }

  @Test func fusesIntoASum() throws {
    let graph = try network([1, 6, 6, 4]) { image in
      [try image.conv(4, kernel: 3, "a").adding(image).relu()]
    }
    let fused = try graph.fusingActivations(for: .inference)
    #expect(fused.nodes.map(\.operation.label) == ["input", "conv2d", "add"])
    try same(graph, fused, [1, 6, 6, 4])
    let training = try graph.fusingActivations(for: .training)
    #expect(training.nodes.map(\.operation.label) == ["input", "conv2d", "add"])
  }

  @Test func inTrainingConvolutionsTakeNone() throws {
    let graph = try network([1, 6, 6, 3]) { image in
      [try image.conv(4, kernel: 3, "a").relu().conv(4, kernel: 3, "b").batchNorm("n").relu()]
    }
    let fused = try graph.fusingActivations(for: .training)
    #expect(fused.nodes.map(\.operation.label) == ["input", "conv2d", "relu", "conv2d", "batch_norm2d"])
  }

  @Test(arguments: [true, false])
  func trainingGivesTheSameGradients(isKnot: Bool) throws {
    let (shape, graph): (Shape, Graph) =
      isKnot ? ([2, 9, 7, 3], try knot()) : ([2, 10, 7, 3], try miniUNet([2, 10, 7, 3]))
    let plain = try TrainingCase(graph, shape, fuses: false).run()
    let fused = try TrainingCase(graph, shape, fuses: true).run()
    #expect(abs(plain.loss - fused.loss) <= 1e-6 * plain.loss)
    let largest = plain.gradients.values.map(\.largest).max() ?? 0
    for (name, gradient) in plain.gradients {
      #expect(fused.gradients[name]?.difference(from: gradient) ?? .infinity <= 1e-5 * largest, "\(name)")
    }
  }

  @Test func foldingAndFusingLeaveThePlainLayers() throws {
    let graph = try miniUNet()
    let folded = try graph.foldingBatchNorm(graph.initialParameters(seed: 1)).graph
    let labels = try folded.fusingActivations(for: .inference).nodes.map(\.operation.label)
    #expect(labels.count { $0 == "conv2d" } == 11)
    #expect(!labels.contains("relu") && !labels.contains("batch_norm2d"))
  }
}
