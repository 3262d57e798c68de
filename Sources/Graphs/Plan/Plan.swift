import Layers
import TensorCore

/// A network made ready to run at one input size: algorithms chosen, weights packed, all memory laid out.
///
/// A plan takes its memory once; running it takes none but small scratch of its tasks. It belongs to one thread at a time,
/// and uses all threads of its pool.
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
  public internal(set) var trained: [TrainedParameter] = []
  /// Elements of the arena that holds activations, gradients and scratch memory.
  public let arenaCount: Int

  /// Measures each layer of the runs to come; `nil` costs nothing.
  public var clock: LayerClock?

  let pool: ThreadPool
  var steps: [PlanStep] = []
  let arena: AlignedStorage
  let gradientStorage: AlignedStorage
  let blueprint: PlanBlueprint
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

    func blueprint(threads: Int, frugal: Bool) -> PlanBlueprint {
      PlanBlueprint(
        graph, shapes: shapes, mode: mode, threads: threads, frugal: frugal,
        isTrained: { trainedNodes.contains($0.name) })
    }
    func need(_ blueprint: PlanBlueprint, packed: (String, any Algorithm) -> Int) -> Int {
      (blueprint.layout.count + gradientCount + blueprint.packedElements(of: graph, count: packed))
        * MemoryLayout<Float>.stride
    }
    // Decided as if nothing had been packed yet: how a plan computes must not depend on which came before it.
    let nominal = blueprint(threads: PlanDraft.nominalThreads, frugal: false)
    let isFrugal = need(nominal) { $1.packedCount } > budget.bytes
    let chosen = blueprint(threads: pool.threads, frugal: isFrugal)
    do throws(MemoryError) {
      let size = inputs.values.map(\.description).sorted().joined(separator: " and ")
      try budget.check(need(chosen, packed: parameters.missingElements), for: "a plan for \(size)")
    } catch {
      throw .memory(error)
    }

    (self.graph, self.mode, self.parameters, self.pool) = (graph, mode, parameters, pool)
    (self.shapes, self.poisons) = (shapes, poisons)
    self.blueprint = chosen
    arenaCount = chosen.layout.count
    arena = AlignedStorage(count: chosen.layout.count)
    gradientStorage = AlignedStorage(count: gradientCount)
    try makeSteps(specs, trainedSpecs)
    packAll()
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
        let start = clock?.start()
        defer { clock?.stop(start, step.node, .forward) }
        step.operation.forward(
          ForwardPass(
            inputs: step.inputs, outputs: step.outputs, saved: step.saved, parameters: step.parameters,
            algorithm: step.algorithm, packed: packed(step, step.algorithm, in: step.packed),
            workspace: step.workspace,
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
      let start = backward.runs ? clock?.start() : nil
      defer { clock?.stop(start, step.node, .backward) }
      if backward.runs {
        step.operation.backward(
          BackwardPass(
            inputs: step.inputs, outputs: step.outputs, saved: step.saved, parameters: step.parameters,
            outputGradients: backward.outputGradients, inputGradients: backward.inputGradients,
            accumulations: backward.accumulations,
            parameterGradients: backward.parameterGradients, algorithm: backward.algorithm,
            packed: packed(step, backward.algorithm, in: backward.packed),
            weightGradient: backward.weightGradient, workspace: backward.workspace,
            seed: seed &+ UInt64(step.node) &* 0x9E37_79B9, pool: pool))
      }
      for (source, target) in backward.additions { target.add(source, pool: pool) }
      if poisons { poisonFree(at: 2 * graph.nodes.count - 1 - step.node) }
    }
  }

  /// A step's packed weights: made anew in `memory` where weights change from step to step, so that those of all
  /// layers are never there at once.
  private func packed(
    _ step: PlanStep, _ algorithm: (any Algorithm)?, in memory: UnsafeMutablePointer<Float>?
  ) -> UnsafePointer<Float>? {
    guard let algorithm, let weight = step.weight else { return nil }
    if let memory {
      algorithm.pack(UnsafePointer(step.parameters[0]), into: memory, pool: pool)
      return UnsafePointer(memory)
    }
    return parameters.packed(weight, algorithm, pool: pool)
  }

  /// Packs the weights that stay as they are.
  private func packAll() {
    for step in steps {
      if step.packed == nil { _ = packed(step, step.algorithm, in: nil) }
      if let backward = step.backward, backward.packed == nil {
        _ = packed(step, backward.algorithm, in: nil)
      }
    }
  }

  func view(_ value: Graph.Value) -> TensorView {
    let place = blueprint.values[value]
    return TensorView(
      memory(blueprint.valueRequests[place.block]) + place.offset, shape: shapes[value],
      pixelStride: place.pixelStride)
  }
}
