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
    let parameters = try Self.parameters(of: checkpoint, for: graph, name: name)
    do throws(GraphError) {
      network = try InferenceModel(graph, parameters: parameters, pool: pool, budget: budget)
    } catch {
      throw .graph(name: name, error)
    }
    self.name = name
    self.checkpoint = checkpoint
  }

  /// The parameters of `graph` that a checkpoint holds, under the graph's names.
  static func parameters(
    of checkpoint: Checkpoint, for graph: Graph, name: String
  ) throws(InferenceError) -> [String: Tensor] {
    let specs: [NamedParameter]
    do throws(GraphError) { specs = try graph.parameterSpecs() } catch { throw .graph(name: name, error) }
    do throws(WeightsError) {
      let table = RenameTable.unwrapping(checkpoint.parameters.keys)
      return try ParameterMatch.strict(
        specs.map { ($0.name, $0.spec.shape) },
        in: try table.renamed(checkpoint.parameters, file: name), file: name,
        model: checkpoint.architecture ?? name)
    } catch {
      throw .weights(error)
    }
  }

  /// The class names; `class 0` and so on where the checkpoint tells none.
  public var classes: [String] {
    checkpoint.classes.count == network.classes
      ? checkpoint.classes : (0..<network.classes).map { "class \($0)" }
  }

  /// What the network expects of its input: what the checkpoint says, else ImageNet's statistics for colour and 0…1 for
  /// gray.
  public var normalization: Normalization {
    checkpoint.normalization ?? (network.channels == 1 ? .unit : .imageNet)
  }
}
