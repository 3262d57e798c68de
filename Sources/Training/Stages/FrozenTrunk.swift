import Graphs
import TensorCore

/// The part of a network that a stage of training does not change, run as in inference: batch norms folded, what follows
/// them fused, no activation kept for a backward run.
final class FrozenTrunk {
  private let graph: Graph
  private let parameters: ParameterStore
  private let pool: ThreadPool
  private var plan: Plan?

  /// A trunk with the parameters as they stand now.
  init(_ graph: Graph, _ parameters: [String: Tensor], pool: ThreadPool) throws(TrainingError) {
    do throws(GraphError) {
      let folded = try graph.foldingBatchNorm(parameters)
      self.graph = try folded.graph.fusedForInference()
      self.parameters = try ParameterStore(self.graph, folded.parameters)
    } catch {
      throw .graph(error)
    }
    self.pool = pool
  }

  /// The features of pictures `[N, H, W, C]`, which lie in the plan until the next run.
  func run(_ images: Tensor) throws(TrainingError) -> [TensorView] {
    do throws(GraphError) {
      let name = graph.inputs.first.map { graph.nodes[$0].name } ?? "input"
      let plan: Plan
      if let known = self.plan, try known.input(name).shape == images.shape {
        plan = known
      } else {
        self.plan = nil
        plan = try Plan(
          graph, inputs: [name: images.shape], mode: .inference, parameters: parameters, pool: pool)
        self.plan = plan
      }
      try plan.input(name).copy(from: images)
      plan.forward()
      return graph.outputs.indices.map { plan.output($0) }
    } catch {
      throw .graph(error)
    }
  }
}
