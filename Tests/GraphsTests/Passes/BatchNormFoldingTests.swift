import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct BatchNormFoldingTests {
  enum Layer: String, CaseIterable { case conv, grouped, transposed, dense }

  private func graph(_ layer: Layer, bias: Bool) throws -> Graph {
    try network([2, 5, 6, 4]) { image in
      let y =
        switch layer {
        case .conv: try image.conv(6, kernel: 3, bias: bias, "layer")
        case .grouped: try image.conv(6, kernel: 3, groups: 2, bias: bias, "layer")
        case .transposed: try image.transposedConv(6, kernel: 3, stride: 2, padding: 1, bias: bias, "layer")
        case .dense: try image.dense(6, bias: bias, "layer")
        }
      return [try y.batchNorm("norm").activation(.tanh)]
    }
  }

  @Test(arguments: Layer.allCases, [false, true])
  func givesTheSameOutput(layer: Layer, bias: Bool) throws {
    let graph = try graph(layer, bias: bias)
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let folded = try graph.foldingBatchNorm(parameters)
    #expect(folded.graph.nodes.map(\.name) == ["input", "layer", "tanh_3"])
    #expect(Set(folded.parameters.keys) == ["layer.weight", "layer.bias"])
    let input = Tensor.random([2, 5, 6, 4], seed: 3)
    let before = try infer(graph, parameters, input)[0]
    let after = try infer(folded.graph, folded.parameters, input)[0]
    #expect(before.largest > 0.5)
    #expect(after.difference(from: before) <= 4e-6)
  }

  @Test func leavesALayerThatHasOtherReaders() throws {
    let graph = try network([1, 4, 4, 2]) { image in
      let y = try image.conv(3, kernel: 3, "a")
      return [try y.batchNorm("n").adding(y)]
    }
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let folded = try graph.foldingBatchNorm(parameters)
    #expect(folded.graph == graph)
    #expect(folded.parameters == parameters)
  }

  @Test func leavesALayerThatTheGraphGivesAway() throws {
    let graph = try network([1, 4, 4, 2]) { image in
      let y = try image.conv(3, kernel: 3, "a")
      return [try y.batchNorm("n"), y]
    }
    let parameters = try graph.initialParameters(seed: 1)
    #expect(try graph.foldingBatchNorm(parameters).graph == graph)
  }

  @Test func leavesABatchNormBehindAnActivation() throws {
    let graph = try network([1, 4, 4, 2]) { [try $0.conv(3, kernel: 3, "a").relu().batchNorm("n")] }
    #expect(try graph.foldingBatchNorm(graph.initialParameters(seed: 1)).graph == graph)
  }

  @Test func foldsOnlyTheFirstOfTwo() throws {
    let graph = try network([1, 4, 4, 2]) { [try $0.conv(3, kernel: 3, "a").batchNorm("n").batchNorm("m")] }
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let folded = try graph.foldingBatchNorm(parameters)
    #expect(folded.graph.nodes.map(\.name) == ["input", "a", "m"])
    let input = Tensor.random([1, 4, 4, 2], seed: 3)
    let difference = try infer(folded.graph, folded.parameters, input)[0]
      .difference(from: infer(graph, parameters, input)[0])
    #expect(difference < 1e-5)
  }

  @Test func keepsOutputsThatWereFolded() throws {
    let graph = try knot()
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let folded = try graph.foldingBatchNorm(parameters)
    #expect(folded.graph.nodes.count == graph.nodes.count - 2)
    let input = Tensor.random([2, 9, 7, 3], seed: 3)
    let (before, after) = (
      try infer(graph, parameters, input), try infer(folded.graph, folded.parameters, input)
    )
    for (old, new) in zip(before, after) { #expect(new.difference(from: old) < 1e-5 * old.largest) }
  }

  @Test func namesAParameterThatIsMissing() throws {
    let graph = try graph(.conv, bias: true)
    for name in ["layer.weight", "layer.bias", "norm.running_var", "norm.weight"] {
      var parameters = try graph.initialParameters(seed: 1)
      parameters[name] = nil
      let error = #expect(throws: GraphError.parameterMissing(name)) {
        try graph.foldingBatchNorm(parameters)
      }
      #expect(
        error?.description == "\(name): expected a parameter, found none; load weights that have it")
    }
  }
}
