import Augmentation
import Graphs

extension Recipe {
  /// Some epochs in which the same parameters stay as they are, with an optimiser and a schedule of their own.
  public struct Stage: Sendable, Equatable {
    /// Passes over the data.
    public var epochs: Int
    /// Names of layers, or what they start with: `layer1` is `layer1.0.conv1.weight` and all others below it.
    public var freeze: [String]
    /// The learning rate after the warm-up; `nil` for the recipe's.
    public var rate: Float?
    /// Whether what the frozen layers give is computed once and kept in memory.
    public var cachesFeatures: Bool

    /// Whether a parameter stays as it is.
    func isFrozen(_ name: String) -> Bool {
      freeze.contains { name == $0 || name.hasPrefix($0 + ".") }
    }

    /// The network's part that stays as it is, and the part that is trained.
    ///
    /// - Parameter file: what messages call the recipe.
    /// - Throws: `TrainingError` for a name that no layer has, when nothing is left to train, and when there are no
    ///   features to keep.
    func split(_ network: Graph, of file: String) throws(TrainingError) -> FrozenSplit {
      let (parameters, split): ([NamedParameter], FrozenSplit)
      do throws(GraphError) {
        parameters = try network.parameterSpecs()
        split = try network.split(isFrozen: isFrozen)
      } catch {
        throw .graph(error)
      }
      for name in freeze
      where !parameters.contains(where: { $0.name == name || $0.name.hasPrefix(name + ".") }) {
        throw .recipe(file: file, .frozenName(name, layers: Self.layers(parameters)))
      }
      guard parameters.contains(where: { $0.spec.isTrained && !isFrozen($0.name) }) else {
        throw .recipe(file: file, .nothingToTrain(frozen: freeze))
      }
      if cachesFeatures && split.trunk == nil {
        throw .recipe(file: file, .nothingToCache(layers: Self.layers(parameters)))
      }
      return split
    }

    /// The first parts of the names of parameters.
    private static func layers(_ parameters: [NamedParameter]) -> [String] {
      var layers: [String] = []
      for parameter in parameters {
        let first = String(parameter.name.prefix { $0 != "." })
        if !layers.contains(first) { layers.append(first) }
      }
      return layers
    }
  }

  /// Which stage an epoch, counted from 0, belongs to; the last one for epochs behind it.
  func stage(of epoch: Int) -> Int {
    var end = 0
    for (number, stage) in stages.enumerated() {
      end += stage.epochs
      if epoch < end { return number }
    }
    return stages.count - 1
  }

  /// Throws unless samples are the same in every epoch, as cached features need them.
  func checkCaching() throws(TrainingError) {
    guard stages.contains(where: \.cachesFeatures) else { return }
    for step in augmentation {
      if case .resize = step.kind, step.probability == 1 { continue }
      throw .recipe(file: file, .cachedAugmentation(step: step.name))
    }
  }
}
