import Graphs
import Images
import Layers
import TensorCore
import Weights

/// Gives a picture a class.
public final class ImageClassifier {
  /// The models it runs.
  public let ensemble: ModelEnsemble
  /// The size in pixels that the first model gets pictures in.
  public var size: Checkpoint.Size { ensemble.first.trainingSize }
  private let pool: ThreadPool

  /// A classifier of networks that give an image a logit for each class.
  ///
  /// - Throws: `InferenceError.channels` when one reads neither colour nor gray.
  public init(_ ensemble: ModelEnsemble, pool: ThreadPool) throws(InferenceError) {
    for model in ensemble.members { try model.checkChannels() }
    (self.ensemble, self.pool) = (ensemble, pool)
  }

  /// A classifier of one network.
  ///
  /// - Throws: `InferenceError.channels` when it reads neither colour nor gray.
  public convenience init(_ model: LoadedModel, pool: ThreadPool) throws(InferenceError) {
    try self.init(ModelEnsemble(model), pool: pool)
  }

  /// The probability of every class for `picture`, the most probable class first; the mean over all models, each of
  /// which sees the picture fitted as in its training: its middle, unless the checkpoint says that it is padded.
  ///
  /// - Parameter name: what errors call the picture.
  /// - Throws: `InferenceError` when memory does not suffice, or the network gives no numbers.
  public func classify(_ picture: Raster, name: String) throws(InferenceError) -> [ClassProbability] {
    var mean = ProbabilityMean()
    for model in ensemble.members {
      let size = model.trainingSize
      let fitted =
        switch model.checkpoint.fit ?? .cover {
        case .cover: picture.rgb8().covering(width: size.width, height: size.height)
        case .pad: picture.rgb8().padded(width: size.width, height: size.height)
        }
      let shape = Shape(batch: 1, height: size.height, width: size.width, channels: model.network.channels)
      do throws(GraphError) {
        mean.add(try model.network.run(shape) { model.write(fitted, into: $0) }, pool: pool)
      } catch {
        throw .graph(name: name, error)
      }
    }
    let probabilities = mean.mean()?.elements ?? []
    guard probabilities.allSatisfy(\.isFinite) else {
      throw .notFinite(model: ensemble.first.name, image: name)
    }
    return zip(ensemble.classes, probabilities).enumerated()
      .map { ClassProbability(index: $0, name: $1.0, probability: Double($1.1)) }
      .sorted { ($1.probability, $0.index) < ($0.probability, $1.index) }
  }
}

/// How probable a class is.
public struct ClassProbability: Sendable, Equatable, Codable {
  /// The label index.
  public let index: Int
  /// The class name.
  public let name: String
  /// `0…1`.
  public let probability: Double
}

extension LoadedModel {
  /// The size in pixels of the training's images that the checkpoint names, else that which the network was described
  /// for.
  public var trainingSize: Checkpoint.Size {
    if let size = checkpoint.trainingSize { return size }
    let graph = network.graph
    let nominal = graph.inputs.first.flatMap { (graph.nodes[$0].operation as? Input)?.nominal }
    return Checkpoint.Size(height: nominal?.height ?? 1, width: nominal?.width ?? 1)
  }
}
