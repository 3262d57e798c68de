import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct SumFusionTests {
  private func same(_ graph: Graph, _ shape: Shape, labels: [String]) throws {
    let whole = try graph.fusingActivations(for: .inference)
    let fused = try whole.fusingSums(for: .inference)
    #expect(fused.nodes.map(\.operation.label) == labels)
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let input = Tensor.random(shape, seed: 3)
    let before = try infer(whole, parameters, input)
    for threads in [1, 2] {
      let after = try infer(fused, parameters, input, threads: threads, poisons: true)
      for (old, new) in zip(before, after) {
        #expect(old.largest > 0.1)
        #expect(new.difference(from: old) <= 1e-6 * old.largest)
      }
    }
  }

  @Test func aConvolutionTakesTheShortcut() throws {
    for channels in [4, 33] {
      let graph = try network([1, 6, 7, channels]) { image in
        let a = try image.conv(channels, kernel: 3, "a").relu()
        let b = try a.conv(channels, kernel: 1, "b").adding(image).relu()
        return [try b.adding(b.conv(channels, kernel: 3, "c"))]
      }
      try same(graph, [1, 6, 7, channels], labels: ["input", "conv2d", "conv2d", "conv2d"])
    }
  }

  @Test func ofTwoConvolutionsTheLaterTakesIt() throws {
    let graph = try network([2, 7, 9, 3]) { image in
      let a = try image.conv(5, kernel: 3, stride: 2, "a")
      let b = try image.conv(5, kernel: 1, stride: 2, "b")
      return [try a.adding(b).relu()]
    }
    try same(graph, [2, 7, 9, 3], labels: ["input", "conv2d", "conv2d"])
    #expect(try graph.fusingActivations(for: .inference).fusingSums(for: .inference).nodes.last?.name == "b")
  }

  @Test func leavesWhatOthersReadAndWhatIsActivated() throws {
    let graph = try network([1, 6, 6, 4]) { image in
      let a = try image.conv(4, kernel: 3, "a")
      let b = try image.conv(4, kernel: 3, "b").relu()
      let c = try a.adding(b)
      let twice = try a.adding(c)
      return [try twice.adding(twice), c]
    }
    try same(graph, [1, 6, 6, 4], labels: ["input", "conv2d", "conv2d", "add", "add", "add"])
    let output = try network([1, 6, 6, 4]) { image in
      let a = try image.conv(4, kernel: 3, "a")
      return [try a.adding(image), a]
    }
    try same(output, [1, 6, 6, 4], labels: ["input", "conv2d", "add"])
  }

  @Test func aWholeNetwork() throws {
    let graph = try ladder()
    let folded = try graph.foldingBatchNorm(randomized(try graph.initialParameters(seed: 1), seed: 2))
    let whole = try folded.graph.fusingActivations(for: .inference)
    let fused = try whole.fusingSums(for: .inference)
    // The sums of activated, read or joined values stay.
    #expect(whole.nodes.count { $0.operation is Addition } == 9)
    #expect(fused.nodes.count { $0.operation is Addition } == 3)
    let input = Tensor.random([2, 9, 7, 3], seed: 3)
    let (old, new) = (
      try infer(whole, folded.parameters, input)[0],
      try infer(fused, folded.parameters, input, poisons: true)[0]
    )
    #expect(old.largest > 0.1 && new.difference(from: old) <= 1e-5 * old.largest)
  }

  @Test func inTrainingBatchNormsTakeSums() throws {
    let graph = try network([2, 5, 6, 4]) { image in
      let a = try image.conv(4, kernel: 3, "a").batchNorm("an")
      let b = try a.adding(image.conv(4, kernel: 1, "b").batchNorm("bn")).relu()
      let c = try b.conv(4, kernel: 3, "c").batchNorm("cn").relu()
      let d = try b.adding(c.conv(4, kernel: 1, "d").batchNorm("dn"))
      return [try d.adding(d.conv(4, kernel: 1, "e"))]
    }
    let fused = try graph.fusingActivations(for: .training).fusingSums(for: .training)
    // Neither an activated value takes a sum nor, in training, a convolution.
    #expect(
      fused.nodes.map(\.name) == ["input", "a", "an", "b", "bn", "c", "cn", "d", "dn", "e", "add_14"])
    let sums = fused.nodes.filter { ($0.operation as? BatchNorm2D)?.takesAddend == true }
    #expect(sums.map(\.name) == ["bn", "dn"])
    #expect(sums.map { $0.inputs.map { fused.nodes[$0.node].name } } == [["b", "an"], ["d", "bn"]])
    #expect((sums[0].operation as? BatchNorm2D)?.activation == .relu)
    #expect((sums[1].operation as? BatchNorm2D)?.activation == .identity)
    let inference = try graph.fusingActivations(for: .inference).fusingSums(for: .inference)
    #expect(!inference.nodes.contains { ($0.operation as? BatchNorm2D)?.takesAddend == true })
  }

  @Test func trainingGivesTheSameGradients() throws {
    let shape: Shape = [2, 9, 7, 3]
    let plain = try TrainingCase(ladder(), shape, fuses: false).run()
    let example = try TrainingCase(ladder(), shape)
    #expect(example.graph.nodes.count { ($0.operation as? BatchNorm2D)?.takesAddend == true } == 4)
    let largest = plain.gradients.values.map(\.largest).max() ?? 0
    let fused = try example.run()
    #expect(abs(plain.loss - fused.loss) <= 1e-6 * plain.loss)
    for (name, gradient) in plain.gradients {
      #expect(fused.gradients[name]?.difference(from: gradient) ?? .infinity <= 1e-5 * largest, "\(name)")
    }
    for threads in [2, 3] { #expect(try example.run(threads: threads, poisons: true) == fused) }
  }

  @Test func batchNormsWithSumsAreNeitherFoldedNorFrozen() throws {
    let graph = try ladder().fusingActivations(for: .training).fusingSums(for: .training)
    func sums(_ graph: Graph) -> Int {
      graph.nodes.count { ($0.operation as? BatchNorm2D)?.takesAddend == true }
    }
    #expect(sums(graph) == 4)
    #expect(sums(try graph.foldingBatchNorm(graph.initialParameters(seed: 1)).graph) == 4)
    #expect(sums(try graph.freezingBatchNorm { _ in true }) == 4)
    #expect(sums(try graph.withBatchNormMomentum(0.5)) == 4)
  }

  /// What a residual block keeps: the batch norms' inputs, and what the next layers read, but no sum's terms.
  @Test func trainingTakesNoMoreMemory() throws {
    let graph = try ladder().withLoss(SoftmaxCrossEntropy()).fusingActivations(for: .training)
    let inputs: [String: Shape] = ["input": [2, 40, 40, 3], Graph.labelsInput: [2, 40, 40, 1]]
    let plain = try graph.planMemory(inputs, mode: .training)
    let fused = try graph.fusingSums(for: .training).planMemory(inputs, mode: .training)
    #expect(fused.arena <= plain.arena)
  }

  @Test func anAddendOfAnotherShapeIsRefused() {
    let layer = Convolution(outputs: 4, kernel: 3, padding: 1).withAddend(activation: .relu)
    #expect(
      throws: LayerError.shapesDiffer(operator: "conv2d", expected: [1, 5, 5, 4], found: [1, 5, 5, 3])
    ) {
      try layer.outputShapes(for: [[1, 5, 5, 2], [1, 5, 5, 3]])
    }
    #expect(throws: LayerError.inputCount(operator: "conv2d", expected: 2, found: 1)) {
      try layer.outputShapes(for: [[1, 5, 5, 2]])
    }
  }
}
