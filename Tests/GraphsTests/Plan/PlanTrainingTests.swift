import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct PlanTrainingTests {
  private static func unet(_ shape: Shape = [2, 10, 7, 3]) throws -> TrainingCase {
    try TrainingCase(miniUNet(shape), shape)
  }

  private static func tangled(_ shape: Shape = [2, 9, 7, 3], dropout: Float = 0) throws -> TrainingCase {
    try TrainingCase(knot(shape, dropout: dropout), shape)
  }

  @Test func gradientsOfAUNetAreCentralDifferences() throws { try check(try Self.unet()) }

  @Test func gradientsWhereValuesAreReadTwiceAreCentralDifferences() throws {
    try check(try Self.tangled())
  }

  @Test func gradientsOfSumsThatShareMemoryAreCentralDifferences() throws {
    try check(try TrainingCase(ladder([2, 5, 6, 3]), [2, 5, 6, 3]))
    try check(try TrainingCase(ladder([1, 5, 6, 3]), [1, 5, 6, 3], fuses: false))
  }

  /// Compares loss and gradients with central differences of a reference in `Double`.
  private func check(_ example: TrainingCase) throws {
    let run = try example.run(poisons: true)
    var naive = NaiveNetwork(example.graph, example.parameters, mode: .training)
    let inputs = ["input": example.input, Graph.labelsInput: example.labels]
    let root = example.graph.outputs[0].node
    #expect(abs(Double(run.loss) - (try naive.run(inputs)[root].elements[0])) < 1e-5)
    let trained = try example.graph.parameterSpecs().filter(\.spec.isTrained).map(\.name)
    #expect(Set(run.gradients.keys) == Set(trained))
    let largest = Double(run.gradients.values.map(\.largest).max() ?? 0)
    let step = 1e-5
    for name in trained {
      let found = try #require(run.gradients[name]).elements
      for element in stride(from: 0, to: found.count, by: max(1, found.count / 3)) {
        let value = try #require(naive.parameters[name])[element]
        naive.parameters[name]?[element] = value + step
        let high = try naive.run(inputs)[root].elements[0]
        naive.parameters[name]?[element] = value - step
        let low = try naive.run(inputs)[root].elements[0]
        naive.parameters[name]?[element] = value
        let expected = (high - low) / (2 * step)
        #expect(abs(Double(found[element]) - expected) <= 1e-4 * largest, "\(name)[\(element)]")
      }
    }
  }

  @Test func freedMemoryIsNeverRead() throws {
    for example in [
      try Self.unet(), try Self.unet([1, 1, 1, 3]), try Self.tangled(dropout: 0.3),
      try TrainingCase(ladder(), [2, 9, 7, 3]),
      try TrainingCase(miniUNet([1, 12, 9, 3]), [1, 12, 9, 3], fuses: false),
    ] {
      let clean = try example.run()
      #expect(clean.loss.isFinite && clean.loss > 0)
      #expect(clean.gradients.values.allSatisfy { $0.elements.allSatisfy { $0.isFinite } })
      #expect(try example.run(poisons: true) == clean)
    }
  }

  @Test func givesTheSameBitsOnAnyNumberOfThreads() throws {
    for example in [
      try TrainingCase(miniUNet([2, 50, 37, 3], width: 8), [2, 50, 37, 3]),
      try Self.tangled([2, 50, 37, 3], dropout: 0.3),
    ] {
      let one = try example.run()
      for threads in [2, 3] { #expect(try example.run(threads: threads) == one, "\(threads) threads") }
    }
  }

  @Test func frozenParametersGetNoGradientAndChangeNoOther() throws {
    for example in [try Self.unet(), try Self.tangled()] {
      let all = try example.run()
      let names = all.gradients.keys.sorted()
      for frozen in [
        Set(names.prefix(names.count / 2)), Set(names.suffix(names.count / 2)), Set(names.dropFirst()),
      ] {
        let some = try example.run(poisons: true) { frozen.contains($0) }
        #expect(Set(some.gradients.keys) == Set(names).subtracting(frozen))
        for (name, gradient) in some.gradients { #expect(gradient == all.gradients[name], "\(name)") }
        #expect(some.outputs == all.outputs)
      }
    }
  }

  /// Weights that training changes are packed into the arena, anew at every step; those of frozen layers are kept.
  @Test func packsTrainedWeightsForTheMoment() throws {
    let example = try Self.unet([1, 32, 32, 3])
    func run(_ isFrozen: @escaping (String) -> Bool) throws -> (kept: Int, losses: [Float]) {
      let store = try ParameterStore(example.graph, example.parameters)
      let bare = store.bytes
      let plan = try Plan(
        example.graph, inputs: [:], mode: .training, parameters: store, pool: ThreadPool(threads: 1),
        isFrozen: isFrozen)
      var losses: [Float] = []
      for _ in 0..<2 {
        try plan.input("input").copy(from: example.input)
        try plan.input(Graph.labelsInput).copy(from: example.labels)
        plan.forward()
        plan.backward()
        losses.append(plan.output().pointer[0])
        for parameter in plan.trained {
          for index in 0..<parameter.shape.count {
            parameter.parameter[index] -= 0.1 * parameter.gradient[index]
          }
        }
      }
      return (store.bytes - bare, losses)
    }
    let trained = try run { _ in false }
    #expect(trained.kept == 0)
    #expect(trained.losses[0] != trained.losses[1])
    #expect(try run { $0.hasPrefix("inc") }.kept > 0)
  }

  @Test func everythingFrozenRunsBackwardToNothing() throws {
    let run = try Self.unet().run { _ in true }
    #expect(run.gradients.isEmpty)
    #expect(run.loss == (try Self.unet().run().loss))
  }

  @Test func anEncoderThatIsFrozenTakesLessMemory() throws {
    let example = try Self.unet([1, 32, 32, 3])
    func count(_ isFrozen: (String) -> Bool) throws -> Int {
      try Plan(
        example.graph, inputs: ["input": [1, 32, 32, 3], Graph.labelsInput: [1, 32, 32, 1]], mode: .training,
        parameters: ParameterStore(example.graph, example.parameters), pool: ThreadPool(threads: 1),
        isFrozen: isFrozen
      ).arenaCount
    }
    #expect(try count { !$0.hasPrefix("head") } < (try count { _ in false }) / 2)
  }

  @Test func runningStatisticsMoveOnceAStep() throws {
    let example = try Self.unet([2, 8, 8, 3])
    let run = try example.run()
    let values = try NaiveNetwork(example.graph, example.parameters, mode: .training)
      .run(["input": example.input, Graph.labelsInput: example.labels])
    for (index, node) in example.graph.nodes.enumerated() where node.operation is BatchNorm2D {
      let x = values[example.graph.nodes[index].inputs[0].node]
      let channels = x.shape.channels
      for channel in 0..<channels {
        let elements = stride(from: channel, to: x.elements.count, by: channels).map { x.elements[$0] }
        let mean = elements.reduce(0, +) / Double(elements.count)
        let variance = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(elements.count - 1)
        for (name, batch) in [("running_mean", mean), ("running_var", variance)] {
          let full = "\(node.name).\(name)"
          let old = Double(try #require(example.parameters[full]).elements[channel])
          let new = Double(try #require(run.parameters[full]).elements[channel])
          #expect(abs(new - (0.9 * old + 0.1 * batch)) < 1e-5 * max(1, variance), "\(full)[\(channel)]")
        }
      }
    }
    for (name, tensor) in run.parameters where !name.contains("running") {
      #expect(tensor == example.parameters[name], "\(name)")
    }
  }

  @Test func dropoutDrawsFromTheSeed() throws {
    let example = try Self.tangled(dropout: 0.5)
    let plan = try Plan(
      example.graph, inputs: [:], mode: .training,
      parameters: ParameterStore(example.graph, example.parameters),
      pool: ThreadPool(threads: 1))
    let losses = try ([1, 2, 1] as [UInt64]).map { seed in
      try plan.input("input").copy(from: example.input)
      try plan.input(Graph.labelsInput).copy(from: example.labels)
      plan.forward(seed: seed)
      return plan.output().pointer[0]
    }
    #expect(losses[0] == losses[2])
    #expect(losses[0] != losses[1])
  }

  @Test func listsTrainedParametersInTheOrderOfTheNodes() throws {
    let example = try Self.tangled()
    let plan = try Plan(
      example.graph, inputs: [:], mode: .training,
      parameters: ParameterStore(example.graph, example.parameters),
      pool: ThreadPool(threads: 1))
    let specs = try example.graph.parameterSpecs().filter(\.spec.isTrained)
    #expect(plan.trained.map(\.name) == specs.map(\.name))
    #expect(plan.trained.map(\.shape) == specs.map(\.spec.shape))
    #expect(plan.trained.map(\.decays) == specs.map(\.spec.decays))
    let inference = try Plan(
      knot(), inputs: [:], mode: .inference, parameters: ParameterStore(example.graph, example.parameters),
      pool: ThreadPool(threads: 1))
    #expect(inference.trained.isEmpty)
  }

  @Test func goesDownhill() throws {
    var example = try Self.unet([2, 12, 12, 3])
    var losses: [Float] = []
    for _ in 0..<15 {
      let run = try example.run()
      losses.append(run.loss)
      example.parameters = run.parameters
      for (name, gradient) in run.gradients {
        let weight = try #require(run.parameters[name])
        let elements = zip(weight.elements, gradient.elements).map { $0 - 0.05 * $1 }
        example.parameters[name] = Tensor(elements, shape: weight.shape)
      }
    }
    #expect(losses[14] < 0.8 * losses[0])
  }
}
