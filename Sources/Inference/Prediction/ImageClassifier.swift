import Graphs
import Images
import TensorCore
import Weights

/// Gives a picture a class.
public final class ImageClassifier {
  /// The model it runs.
  public let model: LoadedModel
  /// The size in pixels that pictures are brought to.
  public let size: Checkpoint.Size
  private let pool: ThreadPool

  /// A classifier of a network that gives an image a logit for each class.
  ///
  /// - Throws: `InferenceError.channels` when it reads neither colour nor gray.
  public init(_ model: LoadedModel, pool: ThreadPool) throws(InferenceError) {
    try model.checkChannels()
    (self.model, self.pool) = (model, pool)
    size = model.trainingSize
  }

  /// The probability of every class for `picture`, fitted as in training (its middle, unless the checkpoint says that it
  /// is padded), the most probable class first.
  ///
  /// - Parameter name: what errors call the picture.
  /// - Throws: `InferenceError` when memory does not suffice.
  public func classify(_ picture: Raster, name: String) throws(InferenceError) -> [ClassProbability] {
    let fitted =
      switch model.checkpoint.fit ?? .cover {
      case .cover: picture.rgb8().covering(width: size.width, height: size.height)
      case .pad: picture.rgb8().padded(width: size.width, height: size.height)
      }
    let shape = Shape(batch: 1, height: size.height, width: size.width, channels: model.network.channels)
    let probabilities: [Float]
    do throws(GraphError) {
      let logits = try model.network.run(shape) { model.write(fitted, into: $0) }
      probabilities = logits.softmax(pool: pool).elements
    } catch {
      throw .graph(name: name, error)
    }
    let names = model.classes
    return zip(names, probabilities).enumerated()
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
  /// The size in pixels of the training's images that the checkpoint names, else that which the network was described for.
  public var trainingSize: Checkpoint.Size {
    if let size = checkpoint.trainingSize { return size }
    let graph = network.graph
    let nominal = graph.inputs.first.flatMap { (graph.nodes[$0].operation as? Input)?.nominal }
    return Checkpoint.Size(height: nominal?.height ?? 1, width: nominal?.width ?? 1)
  }
}
