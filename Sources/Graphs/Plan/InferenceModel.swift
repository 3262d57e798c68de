import Layers
import TensorCore

/// A network with its parameters, made ready for inference at any input size.
///
/// Batch norms are folded and activations fused once; a plan is made for each size as it comes, the last few are
/// kept, and all share one set of packed weights.
public final class InferenceModel {
  /// The network as it runs.
  public let graph: Graph
  /// Channels of the input.
  public let channels: Int
  /// Channels of the output: the classes.
  public let classes: Int

  private let parameters: ParameterStore
  private let pool: ThreadPool
  private let budget: MemoryBudget
  private var plans: [(shape: Shape, plan: Plan)] = []

  /// Plans that are kept; more than a few sizes in turn are rare, and each holds its arena.
  private static let keptPlans = 2

  /// Folds and fuses `graph`, which has one input; auxiliary logits are left out.
  ///
  /// - Throws: `GraphError` when a parameter is missing or of another shape.
  public init(
    _ graph: Graph, parameters: [String: Tensor], pool: ThreadPool, budget: MemoryBudget = .standard
  ) throws(GraphError) {
    let folded = try graph.forInference().foldingBatchNorm(parameters)
    self.graph = try folded.graph.fusingActivations(for: .inference).fusingSums()
    self.parameters = try ParameterStore(self.graph, folded.parameters)
    (self.pool, self.budget) = (pool, budget)
    let shapes = try self.graph.inferShapes()
    channels = self.graph.inputs.first.map { shapes[$0][0].channels } ?? 0
    classes = self.graph.outputs.first.map { shapes[$0].channels } ?? 0
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
    if plans.count >= Self.keptPlans { plans.removeFirst() }
    let held = plans.reduce(0) { $0 + $1.plan.arenaCount } * MemoryLayout<Float>.stride
    if held > budget.bytes / 4 { plans = [] }
    let name = graph.inputs.first.map { graph.nodes[$0].name } ?? "input"
    let plan = try Plan(
      graph, inputs: [name: shape], mode: .inference, parameters: parameters, pool: pool, budget: budget)
    plans.append((shape, plan))
    return plan
  }

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
