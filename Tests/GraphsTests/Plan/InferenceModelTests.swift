import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct InferenceModelTests {
  private let sizes: [Shape] = [[1, 8, 8, 3], [1, 13, 5, 3], [2, 20, 16, 3]]

  private func model(_ threads: Int = 1) throws -> (
    model: InferenceModel, graph: Graph, parameters: [String: Tensor]
  ) {
    let graph = try miniUNet()
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 7)
    return (
      try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: threads)), graph, parameters
    )
  }

  @Test func givesWhatThePlainNetworkGives() throws {
    let (model, graph, parameters) = try model()
    #expect(model.channels == 3)
    #expect(model.classes == 3)
    for size in sizes {
      let input = Tensor.random(size, seed: 8)
      let expected = try infer(graph, parameters, input)[0]
      #expect(try model.run(input).difference(from: expected) <= 2e-5 * expected.largest)
    }
  }

  @Test func givesTheSameAfterOtherSizes() throws {
    let (model, _, _) = try model()
    let inputs = sizes.map { Tensor.random($0, seed: 8) }
    let first = try inputs.map(model.run)
    for index in [0, 1, 2, 2, 1, 0, 2, 0, 1] { #expect(try model.run(inputs[index]) == first[index]) }
  }

  /// Whether memory suffices for packed weights does not depend on what has packed some before.
  @Test func givesTheSameInLittleMemoryAfterOtherSizes() throws {
    let graph = try network([1, 16, 16, 3]) { image in
      [try image.conv(64, kernel: 3, "a").relu().conv(64, kernel: 3, "b").relu().conv(4, kernel: 1, "c")]
    }
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 7)
    func fresh() throws -> InferenceModel {
      try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 1))
    }
    let (small, large): (Shape, Shape) = ([1, 16, 16, 3], [1, 32, 32, 3])
    let input = Tensor.random(large, seed: 8)
    let first = try fresh()
    first.budget = MemoryBudget(bytes: try first.bytes(for: large) - 1)
    let expected = try first.run(input)
    let other = try fresh()
    _ = try other.run(Tensor.random(small, seed: 9))
    other.releasePlans()
    other.budget = first.budget
    #expect(try other.run(input) == expected)
    #expect(try other.plan(for: large).arenaCount == first.plan(for: large).arenaCount)
  }

  @Test func keepsTheLastTwoPlans() throws {
    let (model, _, _) = try model()
    let first = try model.plan(for: sizes[0])
    let second = try model.plan(for: sizes[1])
    #expect(try model.plan(for: sizes[0]) === first)
    #expect(try model.plan(for: sizes[1]) === second)
    // The one that was used longest ago goes.
    #expect(try model.plan(for: sizes[0]) === first)
    _ = try model.plan(for: sizes[2])
    #expect(try model.plan(for: sizes[0]) === first)
    #expect(try model.plan(for: sizes[1]) !== second)
  }

  @Test func keepsAsManyPlansAsAreAskedForAndFit() throws {
    let (model, _, _) = try model()
    model.keptPlans = 3
    let plans = try sizes.map(model.plan)
    #expect(try zip(sizes, plans).allSatisfy { try model.plan(for: $0) === $1 })
    let other: Shape = [1, 16, 16, 3]
    // Room for the new one and some of the last, not for all.
    model.budget = MemoryBudget(bytes: try model.bytes(for: other) + 4 * plans[2].arenaCount)
    _ = try model.plan(for: other)
    #expect(try model.plan(for: sizes[2]) === plans[2])
    #expect(try model.plan(for: sizes[0]) !== plans[0])
    model.releasePlans()
    #expect(try model.plan(for: sizes[2]) !== plans[2])
  }

  /// What is told before is what a plan takes, whatever ran before.
  @Test func tellsTheBytesOfAPlan() throws {
    let (model, _, _) = try model()
    let before = try sizes.map(model.bytes)
    for (size, bytes) in zip(sizes, before) {
      let arena = try model.plan(for: size).arenaCount * MemoryLayout<Float>.stride
      #expect(arena <= bytes && bytes < arena + (1 << 20))
    }
    #expect(try sizes.map(model.bytes) == before)
    #expect(throws: GraphError.self) { try model.bytes(for: [1, 8, 8, 2]) }
  }

  @Test func refusesOtherChannelsAndGoesOn() throws {
    let (model, _, _) = try model()
    let error = #expect(throws: GraphError.self) { try model.run(Tensor(zeros: [1, 8, 8, 1])) }
    #expect(error?.description == "input: expected an input of [N, H, W, 3], found [1, 8, 8, 1]")
    #expect(try model.run(Tensor(zeros: [1, 8, 8, 3])).shape == [1, 8, 8, 3])
  }

  @Test func refusesWhatTheBudgetDoesNotHold() throws {
    let graph = try miniUNet()
    let model = try InferenceModel(
      graph, parameters: graph.initialParameters(seed: 1), pool: ThreadPool(threads: 1),
      budget: MemoryBudget(bytes: 1 << 20))
    #expect(try model.run(Tensor(zeros: [1, 16, 16, 3])).shape == [1, 16, 16, 3])
    #expect(throws: GraphError.self) { try model.run([1, 4096, 4096, 3]) { _ in } }
  }

  @Test func namesAParameterThatIsMissing() throws {
    let graph = try miniUNet()
    var parameters = try graph.initialParameters(seed: 1)
    parameters["head.bias"] = nil
    #expect(throws: GraphError.parameterMissing("head.bias")) {
      try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 1))
    }
  }
}
