import Graphs
import TensorCore
import Weights

/// A checkpoint ready to run: the network, and what its output means.
public struct LoadedModel {
  /// What messages call it: the file, or the shipped model's name.
  public let name: String
  /// The network.
  public let network: InferenceModel
  /// What the checkpoint says of itself; a foreign one says nothing.
  public let checkpoint: Checkpoint

  /// Checks that the checkpoint's parameters are those of `graph`, none missing and none left over.
  ///
  /// - Throws: `InferenceError` otherwise, or when the network takes no RGB images.
  public init(
    name: String, graph: Graph, checkpoint: Checkpoint, pool: ThreadPool, budget: MemoryBudget = .standard
  ) throws(InferenceError) {
    let model = checkpoint.architecture ?? name
    let specs: [NamedParameter]
    do throws(GraphError) { specs = try graph.parameterSpecs() } catch { throw .graph(name: name, error) }
    let parameters: [String: Tensor]
    do throws(WeightsError) {
      let table = RenameTable.unwrapping(checkpoint.parameters.keys)
      parameters = try ParameterMatch.strict(
        specs.map { ($0.name, $0.spec.shape) },
        in: try table.renamed(checkpoint.parameters, file: name), file: name, model: model)
    } catch {
      throw .weights(error)
    }
    do throws(GraphError) {
      network = try InferenceModel(graph, parameters: parameters, pool: pool, budget: budget)
    } catch {
      throw .graph(name: name, error)
    }
    self.name = name
    self.checkpoint = checkpoint
  }

  /// The class names; `class 0` and so on where the checkpoint tells none.
  public var classes: [String] {
    checkpoint.classes.count == network.classes
      ? checkpoint.classes : (0..<network.classes).map { "class \($0)" }
  }

  /// What the network expects of its input.
  public var normalization: Normalization { checkpoint.normalization ?? .imageNet }
}
