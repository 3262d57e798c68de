import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct PlanInferenceTests {
  private static let sizes: [Shape] = [[1, 1, 1, 3], [2, 9, 7, 3], [1, 16, 12, 3], [3, 5, 18, 3]]

  @Test(arguments: sizes)
  func agreesWithTheDefinitionOfAUNet(size: Shape) throws {
    try compare(try miniUNet(), size)
  }

  @Test(arguments: sizes)
  func agreesWithTheDefinitionWhereValuesAreReadTwice(size: Shape) throws {
    try compare(try knot(dropout: 0.5), size)
  }

  private func compare(_ graph: Graph, _ size: Shape) throws {
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 9)
    let input = Tensor.random(size, seed: 4)
    let expected = try NaiveNetwork(graph, parameters, mode: .inference).run(["input": input])
    let clean = try infer(graph, parameters, input)
    for (output, value) in zip(clean, graph.outputs) {
      let reference = expected[value.node]
      #expect(output.shape == reference.shape)
      let largest = reference.elements.map(abs).max() ?? 0
      for (found, wanted) in zip(output.elements, reference.elements) {
        #expect(abs(Double(found) - wanted) <= 1e-5 * largest)
      }
    }
    #expect(try infer(graph, parameters, input, poisons: true) == clean)
    let fused = try graph.foldingBatchNorm(parameters)
    let ready = try fused.graph.fusingActivations(for: .inference)
    let poisoned = try infer(ready, fused.parameters, input, poisons: true)
    #expect(poisoned == (try infer(ready, fused.parameters, input)))
    for (output, before) in zip(poisoned, clean) {
      #expect(output.difference(from: before) <= 2e-5 * before.largest)
    }
  }

  @Test func givesTheSameBitsOnAnyNumberOfThreadsAndAgain() throws {
    let shape: Shape = [2, 50, 37, 3]
    for graph in [try miniUNet(shape, width: 8), try knot(shape)] {
      let parameters = randomized(try graph.initialParameters(seed: 1), seed: 9)
      let input = Tensor.random(shape, seed: 4)
      let one = try infer(graph, parameters, input)
      for threads in [1, 2, 3] {
        #expect(try infer(graph, parameters, input, threads: threads, poisons: true) == one)
      }
    }
  }

  @Test func runsAgainWhenItsInputIsWrittenAgain() throws {
    let graph = try knot()
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 9)
    let plan = try Plan(
      graph, inputs: [:], mode: .inference, parameters: ParameterStore(graph, parameters),
      pool: ThreadPool(threads: 1))
    let (first, second) = (Tensor.random([2, 9, 7, 3], seed: 4), Tensor.random([2, 9, 7, 3], seed: 5))
    var outputs: [Tensor] = []
    for input in [first, second, first] {
      try plan.input("input").copy(from: input)
      plan.forward()
      outputs.append(plan.output().tensor())
    }
    #expect(outputs[0] == outputs[2])
    #expect(outputs[0] != outputs[1])
  }

  @Test func namesAnInputThatItHasNot() throws {
    let graph = try knot()
    let plan = try Plan(
      graph, inputs: [:], mode: .inference,
      parameters: ParameterStore(graph, graph.initialParameters(seed: 1)), pool: ThreadPool(threads: 1))
    let error = #expect(throws: GraphError.self) { try plan.input("image") }
    #expect(error?.description == "image: expected an input of one that the network has, found []")
  }

  @Test func freesActivationsAfterTheirLastReader() throws {
    let graph = try network([1, 32, 32, 4]) { image in
      var y = image
      for index in 0..<12 { y = try y.conv(4, kernel: 1, Scope("c") / index).relu() }
      return [y]
    }
    let parameters = try graph.initialParameters(seed: 1)
    func count(_ mode: Mode) throws -> Int {
      let whole = try graph.withLoss(SoftmaxCrossEntropy())
      let isTraining = mode == .training
      return try Plan(
        isTraining ? whole : graph, inputs: [:], mode: mode, parameters: ParameterStore(graph, parameters),
        pool: ThreadPool(threads: 1)
      ).arenaCount
    }
    let activation = 32 * 32 * 4
    // Three at once, and scratch memory; training keeps what a convolution or ReLU reads again.
    #expect(try count(.inference) < 4 * activation)
    #expect(try count(.training) > 13 * activation)
  }

  @Test func aDenseLayerRefusesAnotherSizeThanItsWeights() throws {
    let graph = try network([1, 4, 4, 2]) { [try $0.dense(3, "fc")] }
    let store = try ParameterStore(graph, graph.initialParameters(seed: 1))
    let error = #expect(throws: GraphError.self) {
      try Plan(
        graph, inputs: ["input": [1, 8, 4, 2]], mode: .inference, parameters: store,
        pool: ThreadPool(threads: 1))
    }
    #expect(error?.description == "fc.weight: expected a parameter of [3, 64], found [3, 32]")
  }
}
