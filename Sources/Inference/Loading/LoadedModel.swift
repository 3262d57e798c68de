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
  /// What a user should know of how the parameters were found, a sentence each.
  public let remarks: [String]

  /// Checks that the checkpoint's parameters are those of `graph`, none missing and none left over.
  ///
  /// - Parameter givesClasses: whether a network of one channel becomes one of two classes, a background and the class.
  /// - Throws: `InferenceError` otherwise, or when the network takes no RGB images.
  public init(
    name: String, graph: Graph, checkpoint: Checkpoint, pool: ThreadPool, budget: MemoryBudget = .standard,
    givesClasses: Bool = false
  ) throws(InferenceError) {
    let parameters = try Self.parameters(of: checkpoint, for: graph, name: name)
    let isAlone: Bool
    do throws(GraphError) {
      isAlone = givesClasses ? try Background.isMissing(in: graph) : false
      network = try InferenceModel(
        isAlone ? Background.added(to: graph) : graph,
        parameters: isAlone ? Background.added(to: parameters.tensors) : parameters.tensors, pool: pool,
        budget: budget)
    } catch {
      throw .graph(name: name, error)
    }
    self.name = name
    self.checkpoint = isAlone ? Background.added(to: checkpoint) : checkpoint
    remarks =
      checkpoint.remarks + parameters.remarks
      + (isAlone ? ["gives one channel, whose sigmoid is taken; class 0 is the background"] : [])
  }

  /// The same model, which may run on another thread at the same time.
  func twin(on pool: ThreadPool) -> LoadedModel {
    LoadedModel(name: name, network: network.twin(on: pool), checkpoint: checkpoint, remarks: remarks)
  }

  private init(name: String, network: InferenceModel, checkpoint: Checkpoint, remarks: [String]) {
    (self.name, self.network, self.checkpoint, self.remarks) = (name, network, checkpoint, remarks)
  }

  /// The parameters of `graph` that a checkpoint holds, under the graph's names; those that only training needs may be
  /// missing.
  ///
  /// - Throws: `InferenceError` when they do not belong together.
  public static func parameters(
    of checkpoint: Checkpoint, for graph: Graph, name: String
  ) throws(InferenceError) -> LoadedParameters {
    let (all, needed): ([NamedParameter], [NamedParameter])
    do throws(GraphError) {
      (all, needed) = (try graph.parameterSpecs(), try graph.forInference().parameterSpecs())
    } catch {
      throw .graph(name: name, error)
    }
    do throws(WeightsError) {
      return try checkpoint.parameters(
        for: all.map { ($0.name, $0.spec.shape) },
        optional: Set(all.map(\.name)).subtracting(needed.map(\.name)), file: name,
        model: checkpoint.architecture ?? name)
    } catch {
      throw .weights(error)
    }
  }

  /// The class names; `class 0` and so on where the checkpoint tells none.
  public var classes: [String] {
    hasNamedClasses ? checkpoint.classes : (0..<network.classes).map { "class \($0)" }
  }

  /// Whether the checkpoint tells the classes' names.
  var hasNamedClasses: Bool { checkpoint.classes.count == network.classes }

  /// What the network expects of its input: what the checkpoint says, else ImageNet's statistics for colour and 0…1 for
  /// gray.
  public var normalization: Normalization {
    checkpoint.normalization ?? (network.channels == 1 ? .unit : .imageNet)
  }
}
