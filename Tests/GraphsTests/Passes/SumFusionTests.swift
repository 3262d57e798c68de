import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct SumFusionTests {
  private func same(_ graph: Graph, _ shape: Shape, labels: [String]) throws {
    let whole = try graph.fusingActivations(for: .inference)
    let fused = try whole.fusingSums()
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
    #expect(try graph.fusingActivations(for: .inference).fusingSums().nodes.last?.name == "b")
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
    let fused = try whole.fusingSums()
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
