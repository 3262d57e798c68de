import Graphs
import Layers
import TensorCore
import Testing

@Suite struct FrozenSplitTests {
  private func frozen(_ prefixes: [String]) -> (String) -> Bool {
    { name in prefixes.contains { name.hasPrefix($0 + ".") } }
  }

  /// Trunk and head one after the other are the network.
  private func expectWhole(
    _ graph: Graph, _ split: FrozenSplit, _ shape: Shape, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let trunk = try #require(split.trunk, sourceLocation: sourceLocation)
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 4)
    let input = Tensor.random(shape, seed: 2)
    let expected = try infer(graph, parameters, input)
    let features = try infer(trunk, parameters, input)
    #expect(features.count == split.features.count, sourceLocation: sourceLocation)
    var shapes = Dictionary(uniqueKeysWithValues: zip(split.features, features.map(\.shape)))
    let names = split.head.inputs.map { split.head.nodes[$0].name }
    if names.contains("input") { shapes["input"] = shape }
    let plan = try Plan(
      split.head, inputs: shapes, mode: .inference, parameters: ParameterStore(split.head, parameters),
      pool: ThreadPool(threads: 1))
    for name in names {
      let place = split.features.firstIndex(of: name)
      try plan.input(name).copy(from: place.map { features[$0] } ?? input)
    }
    plan.forward()
    for (index, tensor) in expected.enumerated() {
      #expect(plan.output(index).tensor().difference(from: tensor) < 1e-5, sourceLocation: sourceLocation)
    }
  }

  @Test func encoderOfAUNet() throws {
    let graph = try miniUNet()
    let split = try graph.split(isFrozen: frozen(["inc", "down1"]))
    let trunk = try #require(split.trunk)
    #expect(split.features.count == 3, "two skip connections and what goes further down")
    #expect(trunk.nodes.allSatisfy { !$0.name.hasPrefix("down2") && !$0.name.hasPrefix("up") })
    #expect(try trunk.parameterSpecs().allSatisfy { frozen(["inc", "down1"])($0.name) })
    #expect(
      try split.head.parameterSpecs().map(\.name)
        == (try graph.parameterSpecs().map(\.name).filter { !frozen(["inc", "down1"])($0) }))
    try expectWhole(graph, split, [2, 8, 12, 3])
  }

  @Test func severalReaders() throws {
    let graph = try network([2, 9, 7, 3]) { image in
      let stem = try image.conv(4, kernel: 3, "stem").batchNorm("norm").relu()
      let a = try stem.conv(3, kernel: 3, "a").relu()
      let both = try stem.concatenated(with: a, image)
      return [try both.conv(3, kernel: 1, "head").cropped(like: image)]
    }
    let split = try graph.split(isFrozen: frozen(["stem", "norm"]))
    #expect(split.features.count == 1 && split.head.inputs.count == 2, "the image goes past the trunk")
    try expectWhole(graph, split, [2, 9, 7, 3])
  }

  /// A trunk ends where something is trained, where statistics of a batch norm move, and where chance plays.
  @Test func nothingToSplitOff() throws {
    let graph = try knot(dropout: 0.3)
    #expect(try graph.split(isFrozen: { _ in false }).trunk == nil)
    #expect(try graph.split(isFrozen: frozen(["a", "b", "c"])).trunk == nil)
    let padded = try network([1, 5, 4, 2]) { image in
      [try image.reflectionPadded(toMultipleOf: 4).conv(3, kernel: 1, "a").cropped(like: image)]
    }
    let whole = try padded.split(isFrozen: { _ in false })
    #expect(whole.trunk == nil && whole.head == padded, "padding alone is no trunk")
    let all = try graph.split(isFrozen: { _ in true })
    #expect(all.trunk == nil && all.head == graph, "an output is no head")
    let statistics = try graph.split(isFrozen: frozen(["stem"]))
    #expect(statistics.trunk?.nodes.last?.name == "stem")
    let random = try network([1, 4, 4, 2]) { image in
      [try image.conv(3, kernel: 1, "a").dropout(0.5).conv(3, kernel: 1, "b").conv(2, kernel: 1, "c")]
    }
    let split = try random.split(isFrozen: frozen(["a", "b"]))
    #expect(split.trunk?.nodes.last?.name == "a")
  }

  /// A frozen batch norm keeps its statistics, and passes the gradient to what is trained before it.
  @Test func frozenBatchNorm() throws {
    let graph = try network([2, 6, 5, 3]) { image in
      let y = try image.conv(4, kernel: 3, "a").batchNorm("norm").relu()
      return [try y.conv(3, kernel: 1, "head")]
    }
    let isFrozen = frozen(["norm"])
    let training = try TrainingCase(try graph.freezingBatchNorm(isFrozen), [2, 6, 5, 3])
    let run = try training.run(isFrozen: isFrozen)
    #expect(Set(run.gradients.keys) == ["a.weight", "a.bias", "head.weight", "head.bias"])
    for name in ["weight", "bias", "running_mean", "running_var"] {
      #expect(run.parameters["norm.\(name)"] == training.parameters["norm.\(name)"])
    }
    // The slope of the loss along one weight, against two runs beside it.
    let step: Float = 1e-2
    func loss(_ offset: Float) throws -> Float {
      var moved = training
      var elements = moved.parameters["a.weight"]?.elements ?? []
      elements[5] += offset
      moved.parameters["a.weight"] = Tensor(
        elements, shape: try #require(moved.parameters["a.weight"]?.shape))
      return try moved.run(isFrozen: isFrozen).loss
    }
    let slope = (try loss(step) - loss(-step)) / (2 * step)
    let found = try #require(run.gradients["a.weight"]).elements[5]
    #expect(abs(slope - found) < 0.02 * max(0.05, abs(found)))
    #expect(try graph.freezingBatchNorm { _ in false } == graph)
  }
}
