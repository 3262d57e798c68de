import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct PlanBudgetTests {
  private func scaling() throws -> Graph {
    try network([1, 2, 2, 1]) { image in
      try image.builder.add(Scaling(), name: "scale", inputs: [image])
    }
  }

  private func run(_ budget: MemoryBudget) throws -> (output: Float, arena: Int) {
    let graph = try scaling()
    let plan = try Plan(
      graph, inputs: [:], mode: .inference,
      parameters: ParameterStore(graph, ["scale.weight": Tensor([3], shape: [1])]),
      pool: ThreadPool(threads: 1), budget: budget)
    try plan.input("input").copy(from: Tensor(repeating: 1, shape: [1, 2, 2, 1]))
    plan.forward()
    return (plan.output().pointer[0], plan.arenaCount)
  }

  @Test func takesTheFirstWayThatFits() throws {
    // Two activations of a cache line each, scratch memory, one packed number.
    let need = (16 + 16 + Scaling.scratch + 1) * 4
    let roomy = try run(MemoryBudget(bytes: need))
    #expect(roomy.output == 3)
    #expect(roomy.arena == 32 + Scaling.scratch)
    let tight = try run(MemoryBudget(bytes: need - 1))
    #expect(tight.output == 30)
    #expect(tight.arena == 32)
    #expect(try run(MemoryBudget(bytes: 33 * 4)).output == 30)
    #expect(throws: GraphError.self) { try run(MemoryBudget(bytes: 33 * 4 - 1)) }
  }

  @Test func saysWhatItWouldNeed() throws {
    let graph = try miniUNet().withLoss(SoftmaxCrossEntropy())
    let store = try ParameterStore(graph, graph.initialParameters(seed: 1))
    let error = #expect(throws: GraphError.self) {
      try Plan(
        graph, inputs: ["input": [1, 512, 512, 3], "labels": [1, 512, 512, 1]], mode: .training,
        parameters: store, pool: ThreadPool(threads: 1), budget: MemoryBudget(bytes: 3 << 20))
    }
    guard case .memory(.overBudget(let purpose, let needed, let budget))? = error else {
      Issue.record("expected a refusal for memory, found \(String(describing: error))")
      return
    }
    #expect(purpose == "a plan for [1, 512, 512, 1] and [1, 512, 512, 3]")
    #expect(budget == 3 << 20)
    #expect(needed > 20 << 20)
    #expect(
      error?.description == """
        a plan for [1, 512, 512, 1] and [1, 512, 512, 3]: expected at most 3 MiB of memory, found a need of \
        \((needed + 0xF_FFFF) >> 20) MiB; use a smaller image or batch, or raise the limit
        """)
  }

  @Test func countsTheGradientsOfParameters() throws {
    let example = try TrainingCase(network([1, 4, 4, 1]) { [try $0.conv(3, kernel: 1, "a")] }, [1, 4, 4, 1])
    func fits(_ bytes: Int, frozen: Bool) throws -> Bool {
      do {
        _ = try Plan(
          example.graph, inputs: [:], mode: .training,
          parameters: ParameterStore(example.graph, example.parameters),
          pool: ThreadPool(threads: 1), budget: MemoryBudget(bytes: bytes), isFrozen: { _ in frozen })
        return true
      } catch GraphError.memory {
        return false
      }
    }
    let least = try (0..<4096).first { try fits($0 * 64, frozen: false) }
    let frozen = try (0..<4096).first { try fits($0 * 64, frozen: true) }
    // Two cache lines of gradients, at least, and what they are made from.
    #expect(try #require(least) >= #require(frozen) + 2)
  }

  /// The sizes are alike, so that plans choose the same algorithms.
  @Test func plansOfTwoSizesShareTheirWeights() throws {
    let graph = try miniUNet()
    let parameters = try graph.initialParameters(seed: 1)
    let store = try ParameterStore(graph, parameters)
    func plan(_ shape: Shape) throws -> Plan {
      try Plan(
        graph, inputs: ["input": shape], mode: .inference, parameters: store, pool: ThreadPool(threads: 1))
    }
    let bare = store.bytes
    #expect(bare == parameters.values.reduce(0) { $0 + $1.count } * 4)
    let first = try plan([1, 96, 96, 3])
    let packed = store.bytes
    #expect(packed > bare)
    let second = try plan([2, 96, 96, 3])
    #expect(store.bytes == packed)
    for plan in [first, second, first] {
      let input = Tensor.random(plan.shapes[0][0], seed: 6)
      try plan.input("input").copy(from: input)
      plan.forward()
      #expect(plan.output().tensor() == (try infer(graph, parameters, input)[0]))
    }
    #expect(store.bytes == packed)
  }
}
