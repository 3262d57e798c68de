import Layers
import TensorCore

/// A network made ready to run at one input size: algorithms chosen, weights packed, all memory laid out.
///
/// A plan takes its memory once; running it takes none. It belongs to one thread at a time, and uses all threads of
/// its pool.
public final class Plan {
  /// The network.
  public let graph: Graph
  /// Inference or training.
  public let mode: Mode
  /// The parameters it runs on.
  public let parameters: ParameterStore
  /// The shapes of every node's outputs.
  public let shapes: [[Shape]]
  /// What an optimiser changes, in the order of the nodes; empty in inference.
  public private(set) var trained: [TrainedParameter] = []
  /// Elements of the arena that holds activations, gradients and scratch memory.
  public let arenaCount: Int

  let pool: ThreadPool
  var steps: [PlanStep] = []
  let arena: AlignedStorage
  private let gradientStorage: AlignedStorage
  private let blueprint: PlanBlueprint
  private let poisons: Bool

  /// Plans `graph` for inputs of the given shapes, by name.
  ///
  /// - Parameters:
  ///   - isFrozen: names of parameters that training leaves alone.
  ///   - budget: what arena, gradients and packed weights may take together. Over it, algorithms that need less
  ///     memory are tried before the plan is refused.
  ///   - poisons: fills memory with NaN as soon as it is free, for tests of the layout.
  /// - Throws: `GraphError` when shapes do not fit, a parameter is missing, or memory does not suffice.
  public init(
    _ graph: Graph, inputs: [String: Shape], mode: Mode, parameters: ParameterStore, pool: ThreadPool,
    budget: MemoryBudget = .standard, isFrozen: (String) -> Bool = { _ in false }, poisons: Bool = false
  ) throws(GraphError) {
    let shapes = try graph.inferShapes(inputs)
    let specs = graph.nodes.map { node in
      node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] })
    }
    let trainedSpecs = zip(graph.nodes, specs).map { node, specs in
      specs.map { mode == .training && $0.isTrained && !isFrozen("\(node.name).\($0.name)") }
    }
    let trainedNodes = Set(
      zip(graph.nodes, trainedSpecs).filter { $0.1.contains(true) }.map(\.0.name))
    let gradientCount = zip(specs, trainedSpecs).reduce(0) { sum, node in
      zip(node.0, node.1).reduce(sum) { $1.1 ? $0 + ($1.0.shape.count + 15) / 16 * 16 : $0 }
    }

    func blueprint(frugal: Bool) -> PlanBlueprint {
      PlanBlueprint(
        graph, shapes: shapes, mode: mode, threads: pool.threads, frugal: frugal,
        isTrained: { trainedNodes.contains($0.name) })
    }
    func need(_ blueprint: PlanBlueprint) -> Int {
      var packed = 0
      for (index, node) in graph.nodes.enumerated() {
        for algorithm in [
          blueprint.forward[index], blueprint.backward.isEmpty ? nil : blueprint.backward[index],
        ] {
          if let algorithm { packed += parameters.missingElements("\(node.name).weight", algorithm) }
        }
      }
      return (blueprint.layout.count + gradientCount + packed) * MemoryLayout<Float>.stride
    }
    var chosen = blueprint(frugal: false)
    if need(chosen) > budget.bytes { chosen = blueprint(frugal: true) }
    do throws(MemoryError) {
      let size = inputs.values.map(\.description).sorted().joined(separator: " and ")
      try budget.check(need(chosen), for: "a plan for \(size)")
    } catch {
      throw .memory(error)
    }

    (self.graph, self.mode, self.parameters, self.pool) = (graph, mode, parameters, pool)
    (self.shapes, self.poisons) = (shapes, poisons)
    self.blueprint = chosen
    arenaCount = chosen.layout.count
    arena = AlignedStorage(count: chosen.layout.count)
    gradientStorage = AlignedStorage(count: gradientCount)
    try makeSteps(chosen, specs, trainedSpecs)
    if mode == .inference { packAll() }
  }

  /// Where the caller writes the input of that name.
  ///
  /// - Throws: `GraphError.inputShape` when the network has no such input.
  public func input(_ name: String) throws(GraphError) -> TensorView {
    guard let index = graph.inputs.first(where: { graph.nodes[$0].name == name }) else {
      throw .inputShape(name: name, expected: "one that the network has", found: [])
    }
    return view(Graph.Value(node: index))
  }

  /// Where an output of the graph lies after `forward`.
  public func output(_ index: Int = 0) -> TensorView { view(graph.outputs[index]) }

  /// Runs forward on what stands in the inputs.
  ///
  /// - Parameter seed: what dropout draws from, in training; another for each step.
  public func forward(seed: UInt64 = 0) {
    if poisons { poison(except: Set(graph.inputs.map { blueprint.values[Graph.Value(node: $0)].block })) }
    for step in steps {
      if !blueprint.values.elided.contains(step.node) {
        step.operation.forward(
          ForwardPass(
            inputs: step.inputs, outputs: step.outputs, saved: step.saved, parameters: step.parameters,
            algorithm: step.algorithm, packed: packed(step, step.algorithm), workspace: step.workspace,
            mode: mode, seed: seed &+ UInt64(step.node) &* 0x9E37_79B9, pool: pool))
      }
      if poisons { poisonFree(at: step.node) }
    }
  }

  /// Runs backward from the first output, whose gradient is 1, to every trained parameter; `forward` has run.
  public func backward(seed: UInt64 = 0) {
    precondition(mode == .training, "only a training plan runs backward")
    if let root = steps.last(where: { $0.node == graph.outputs[0].node })?.backward?.outputGradients[0] {
      for pixel in 0..<root.pixels { root.pixel(pixel).update(repeating: 1, count: root.channels) }
    }
    for step in steps.reversed() {
      guard let backward = step.backward else { continue }
      if backward.runs {
        step.operation.backward(
          BackwardPass(
            inputs: step.inputs, outputs: step.outputs, saved: step.saved, parameters: step.parameters,
            outputGradients: backward.outputGradients, inputGradients: backward.inputGradients,
            parameterGradients: backward.parameterGradients, algorithm: backward.algorithm,
            packed: packed(step, backward.algorithm), workspace: backward.workspace,
            seed: seed &+ UInt64(step.node) &* 0x9E37_79B9, pool: pool))
      }
      for (source, target) in backward.additions { target.add(source, pool: pool) }
      if poisons { poisonFree(at: 2 * graph.nodes.count - 1 - step.node) }
    }
  }

  private func packed(_ step: PlanStep, _ algorithm: (any Algorithm)?) -> UnsafePointer<Float>? {
    guard let algorithm, let weight = step.weight else { return nil }
    return parameters.packed(weight, algorithm, pool: pool)
  }

  private func packAll() {
    for step in steps { _ = packed(step, step.algorithm) }
  }

  func view(_ value: Graph.Value) -> TensorView {
    let place = blueprint.values[value]
    let offset = blueprint.layout.offsets[blueprint.valueRequests[place.block]] + place.offset
    return TensorView(arena.pointer + offset, shape: shapes[value], pixelStride: place.pixelStride)
  }
}

/// A parameter with its gradient, as an optimiser sees it.
public struct TrainedParameter {
  /// The full dotted name.
  public let name: String
  /// PyTorch's shape.
  public let shape: Shape
  /// Whether weight decay applies.
  public let decays: Bool
  /// The values.
  public let parameter: UnsafeMutablePointer<Float>
  /// The gradient that the last backward run wrote.
  public let gradient: UnsafeMutablePointer<Float>
}

extension Plan {
  private func makeSteps(
    _ blueprint: PlanBlueprint, _ specs: [[ParameterSpec]], _ trainedSpecs: [[Bool]]
  ) throws(GraphError) {
    let offsets = blueprint.layout.offsets
    func memory(_ request: Int) -> UnsafeMutablePointer<Float> { arena.pointer + offsets[request] }
    var gradientOffset = 0
    for (index, node) in graph.nodes.enumerated() where !(node.operation is Input) {
      let shapes = node.inputs.map { self.shapes[$0] }
      var pointers: [UnsafeMutablePointer<Float>] = []
      var parameterGradients: [UnsafeMutablePointer<Float>?] = []
      for (spec, isTrained) in zip(specs[index], trainedSpecs[index]) {
        let name = "\(node.name).\(spec.name)"
        let pointer = try parameters.pointer(name, shape: spec.shape)
        pointers.append(pointer)
        parameterGradients.append(isTrained ? gradientStorage.pointer + gradientOffset : nil)
        guard isTrained else { continue }
        trained.append(
          TrainedParameter(
            name: name, shape: spec.shape, decays: spec.decays, parameter: pointer,
            gradient: gradientStorage.pointer + gradientOffset))
        gradientOffset += (spec.shape.count + 15) / 16 * 16
      }
      let savedShapes = mode == .training ? node.operation.savedShapes(for: shapes) : []
      var step = PlanStep(
        node: index, operation: node.operation, inputs: node.inputs.map(view),
        outputs: self.shapes[index].indices.map { view(Graph.Value(node: index, output: $0)) },
        saved: zip(savedShapes, blueprint.savedRequests[index]).map { TensorView(memory($1), shape: $0) },
        parameters: pointers, weight: specs[index].isEmpty ? nil : "\(node.name).weight",
        algorithm: blueprint.forward[index], workspace: memory(blueprint.forwardWorkspace[index]),
        backward: nil)
      if let flow = blueprint.flow, flow.flows[index] {
        step.backward = backward(of: index, blueprint, flow, parameterGradients)
      }
      steps.append(step)
    }
  }

  private func backward(
    of index: Int, _ blueprint: PlanBlueprint, _ flow: GradientFlow,
    _ parameterGradients: [UnsafeMutablePointer<Float>?]
  ) -> PlanStep.Backward? {
    guard let gradients = blueprint.gradients else { return nil }
    let offsets = blueprint.layout.offsets
    func view(_ value: Graph.Value) -> TensorView {
      let place = gradients[value]
      return TensorView(
        arena.pointer + offsets[blueprint.gradientRequests[place.block]] + place.offset,
        shape: shapes[value], pixelStride: place.pixelStride)
    }
    let node = graph.nodes[index]
    var inputGradients: [TensorView?] = []
    var additions: [(from: TensorView, into: TensorView)] = []
    for (position, input) in node.inputs.enumerated() {
      guard flow.wants(input) else {
        inputGradients.append(nil)
        continue
      }
      let target = view(input)
      if let request = blueprint.additions[Graph.Value(node: index, output: position)] {
        let temporary = TensorView(arena.pointer + offsets[request], shape: shapes[input])
        inputGradients.append(temporary)
        additions.append((temporary, target))
      } else {
        inputGradients.append(target)
      }
    }
    let outputGradients = shapes[index].indices.map { $0 == 0 ? view(Graph.Value(node: index)) : nil }
    return PlanStep.Backward(
      algorithm: blueprint.backward[index], outputGradients: outputGradients,
      inputGradients: inputGradients, additions: additions, parameterGradients: parameterGradients,
      workspace: arena.pointer + offsets[blueprint.backwardWorkspace[index]],
      runs: !(gradients.elided.contains(index) && additions.isEmpty))
  }

  /// Fills everything but the given value blocks with NaN.
  private func poison(except blocks: Set<Int>) {
    for (request, index) in zip(blueprint.requests, blueprint.requests.indices)
    where !blocks.contains(where: { blueprint.valueRequests[$0] == index }) {
      let overlapsKept = blocks.contains { block in
        let kept = blueprint.valueRequests[block]
        return rangesOverlap(index, kept)
      }
      if !overlapsKept {
        (arena.pointer + blueprint.layout.offsets[index]).update(repeating: .nan, count: request.count)
      }
    }
  }

  private func rangesOverlap(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (blueprint.layout.offsets[first], blueprint.layout.offsets[second])
    return a < b + blueprint.requests[second].count && b < a + blueprint.requests[first].count
  }

  /// Fills what was last used at `moment` with NaN.
  private func poisonFree(at moment: Int) {
    for (index, request) in blueprint.requests.enumerated() where request.lifetime.upperBound == moment {
      (arena.pointer + blueprint.layout.offsets[index]).update(repeating: .nan, count: request.count)
    }
  }
}
