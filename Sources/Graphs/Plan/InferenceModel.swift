import Layers
import TensorCore

/// A network with its parameters, made ready for inference at any input size.
///
/// Batch norms are folded and activations, sums and poolings fused once; a plan is made for each size as it comes, the last few are
/// kept, and all share one set of packed weights.
public final class InferenceModel {
  /// The network as it runs.
  public let graph: Graph
  /// Channels of the input.
  public let channels: Int
  /// Channels of the output: the classes.
  public let classes: Int

  private let parameters: ParameterStore
  /// What plans may take together; those that do not fit beside a new one are freed.
  public var budget: MemoryBudget
  /// Plans that are kept, each with its arena; at least 1.
  public var keptPlans = 2

  private let pool: ThreadPool
  private var plans: [(shape: Shape, plan: Plan)] = []

  /// Folds and fuses `graph`, which has one input; auxiliary logits are left out.
  ///
  /// - Throws: `GraphError` when a parameter is missing or of another shape.
  public init(
    _ graph: Graph, parameters: [String: Tensor], pool: ThreadPool, budget: MemoryBudget = .standard
  ) throws(GraphError) {
    let folded = try graph.forInference().foldingBatchNorm(parameters)
    self.graph = try folded.graph.fusedForInference()
    self.parameters = try ParameterStore(self.graph, folded.parameters)
    (self.pool, self.budget) = (pool, budget)
    let shapes = try self.graph.inferShapes()
    channels = self.graph.inputs.first.map { shapes[$0][0].channels } ?? 0
    classes = self.graph.outputs.first.map { shapes[$0].channels } ?? 0
  }

  /// The same network with the same weights, which may run on another thread at the same time: it has plans and a pool
  /// of its own.
  public func twin(on pool: ThreadPool) -> InferenceModel { InferenceModel(self, pool: pool) }

  private init(_ other: InferenceModel, pool: ThreadPool) {
    (graph, channels, classes) = (other.graph, other.channels, other.classes)
    (parameters, budget, self.pool) = (other.parameters, other.budget, pool)
  }

  /// The plan for inputs of a shape.
  ///
  /// - Throws: `GraphError` when the network does not take the shape, or memory does not suffice.
  public func plan(for shape: Shape) throws(GraphError) -> Plan {
    if let index = plans.firstIndex(where: { $0.shape == shape }) {
      let entry = plans.remove(at: index)
      plans.append(entry)
      return entry.plan
    }
    // What is not kept is freed before the new plan takes its memory.
    let need = try bytes(for: shape)
    while !plans.isEmpty, plans.count >= keptPlans || planBytes > budget.bytes - need { plans.removeFirst() }
    let name = graph.inputs.first.map { graph.nodes[$0].name } ?? "input"
    let plan = try Plan(
      graph, inputs: [name: shape], mode: .inference, parameters: parameters, pool: pool,
      budget: MemoryBudget(bytes: budget.bytes - planBytes))
    plans.append((shape, plan))
    return plan
  }

  /// Bytes that a plan for inputs of a shape takes with its packed weights. The same for any number of threads, and
  /// whatever was run before.
  ///
  /// - Throws: `GraphError` when the network does not take the shape.
  public func bytes(for shape: Shape) throws(GraphError) -> Int {
    let name = graph.inputs.first.map { graph.nodes[$0].name } ?? "input"
    let blueprint = PlanBlueprint(
      graph, shapes: try graph.inferShapes([name: shape]), mode: .inference,
      threads: PlanDraft.nominalThreads,
      frugal: false, isTrained: { _ in false })
    let packed = blueprint.packedElements(of: graph) { $1.packedCount }
    return (blueprint.layout.count + packed) * MemoryLayout<Float>.stride
  }

  /// Bytes of the arenas of the plans that are kept.
  private var planBytes: Int { plans.reduce(0) { $0 + $1.plan.arenaCount } * MemoryLayout<Float>.stride }

  /// Bytes of the parameters.
  public var parameterBytes: Int { parameters.parameterBytes }

  /// Frees the memory of all plans; the next run plans anew.
  public func releasePlans() { plans = [] }

  /// Runs on an input that `fill` writes; the result lies in the plan until the next run.
  public func run(_ shape: Shape, fill: (TensorView) -> Void) throws(GraphError) -> TensorView {
    let plan = try plan(for: shape)
    fill(try plan.input(plan.graph.inputs.first.map { plan.graph.nodes[$0].name } ?? "input"))
    plan.forward()
    return plan.output()
  }

  /// Runs on an input `[N, H, W, C]`.
  public func run(_ input: Tensor) throws(GraphError) -> Tensor {
    try run(input.shape) { $0.copy(from: input) }.tensor()
  }
}
