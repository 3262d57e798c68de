import Graphs
import Images
import Layers
import TensorCore

/// Gives every pixel of a picture a class.
public final class Predictor {
  /// The models it runs.
  public let ensemble: ModelEnsemble
  /// The colours of the classes.
  public let palette: Palette
  let pool: ThreadPool

  /// A predictor; classes without a colour in the first checkpoint that has colours get VOC's.
  ///
  /// - Throws: `InferenceError.channels` when a network does not read colour.
  public init(_ ensemble: ModelEnsemble, pool: ThreadPool) throws(InferenceError) {
    for model in ensemble.members where model.network.channels != 3 {
      throw .channels(model: model.name, found: model.network.channels)
    }
    self.ensemble = ensemble
    self.pool = pool
    let colors = ensemble.members.map(\.checkpoint.palette).first { !$0.isEmpty } ?? []
    palette = Palette(
      (0..<min(256, ensemble.first.network.classes)).map { index in
        let color = index < colors.count ? colors[index] : []
        guard color.count == 3 else { return Palette.voc[UInt8(index)] }
        return Color(red: color[0], green: color[1], blue: color[2])
      })
  }

  /// A predictor of one network.
  ///
  /// - Throws: `InferenceError.channels` when it does not read colour.
  public convenience init(_ model: LoadedModel, pool: ThreadPool) throws(InferenceError) {
    try self.init(ModelEnsemble(model), pool: pool)
  }

  /// The same predictor, which may run on another thread at the same time.
  func twin(on pool: ThreadPool) -> Predictor { Predictor(self, on: pool) }

  private init(_ other: Predictor, on pool: ThreadPool) {
    (ensemble, palette, self.pool) = (other.ensemble.twin(on: pool), other.palette, pool)
  }

  /// The class of every pixel of `picture`, at its own size, by the mean of the models' probabilities.
  ///
  /// - Parameters:
  ///   - name: what errors call the picture.
  ///   - wantsProbabilities: whether the softmax of the logits is kept, `height · width · classes` numbers.
  /// - Throws: `InferenceError` when the network does not take the size, or memory does not suffice.
  public func predict(
    _ picture: Raster, name: String, wantsProbabilities: Bool = false
  ) throws(InferenceError) -> Prediction {
    let rgb = picture.rgb8()
    let shape = Shape(batch: 1, height: rgb.height, width: rgb.width, channels: 3)
    let isAlone = ensemble.members.count == 1
    var labels: [UInt8] = []
    var mean = ProbabilityMean()
    for model in ensemble.members {
      let logits: TensorView
      do throws(GraphError) {
        logits = try model.network.run(shape) { model.write(rgb, into: $0) }
      } catch {
        throw .graph(name: name, error)
      }
      // One model's largest logit is that of the largest probability, which need not be known.
      if isAlone { labels = logits.argMax(pool: pool) }
      if !isAlone || wantsProbabilities { mean.add(logits, pool: pool) }
    }
    if !isAlone { labels = mean.labels(pool: pool) }
    return Prediction(
      mask: Mask(width: rgb.width, height: rgb.height, labels: labels), picture: rgb,
      classes: ensemble.classes, palette: palette, probabilities: wantsProbabilities ? mean.mean() : nil)
  }
}

/// What a network made of a picture.
public struct Prediction: Sendable {
  /// The class of every pixel.
  public let mask: Mask
  /// The picture, 8-bit RGB.
  public let picture: Raster
  /// Class names, by index.
  public let classes: [String]
  /// Class colours, by index.
  public let palette: Palette
  /// `[1, H, W, C]` in `0…1`, if asked for.
  public let probabilities: Tensor?

  /// Pixels of each class.
  public var pixels: [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for label in mask.labels { counts[Int(label)] += 1 }
    return Array(counts.prefix(classes.count))
  }

  /// Pixels and share of each class, by index.
  public var summary: [ClassShare] {
    let total = max(1, mask.labels.count)
    return pixels.enumerated().map { index, count in
      ClassShare(index: index, name: classes[index], pixels: count, share: Double(count) / Double(total))
    }
  }
}

/// How much of a picture a class covers.
public struct ClassShare: Sendable, Equatable, Codable {
  /// The label index.
  public let index: Int
  /// The class name.
  public let name: String
  /// Pixels of the class.
  public let pixels: Int
  /// Their share of all pixels, `0…1`.
  public let share: Double
}
