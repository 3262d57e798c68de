import Graphs
import Images
import TensorCore

/// Gives every pixel of a picture a class.
public final class Predictor {
  /// The model it runs.
  public let model: LoadedModel
  /// The colours of the classes.
  public let palette: Palette
  private let pool: ThreadPool

  /// A predictor; classes without a colour in the checkpoint get VOC's.
  public init(_ model: LoadedModel, pool: ThreadPool) throws(InferenceError) {
    guard model.network.channels == 3 else {
      throw .channels(model: model.name, found: model.network.channels)
    }
    self.model = model
    self.pool = pool
    palette = Palette(
      (0..<min(256, model.network.classes)).map { index in
        let color = index < model.checkpoint.palette.count ? model.checkpoint.palette[index] : []
        guard color.count == 3 else { return Palette.voc[UInt8(index)] }
        return Color(red: color[0], green: color[1], blue: color[2])
      })
  }

  /// The class of every pixel of `picture`, at its own size.
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
    let logits: TensorView
    do throws(GraphError) {
      logits = try model.network.run(shape) { input in
        guard case .eight(let samples) = rgb.samples else { return }
        samples.withUnsafeBufferPointer { source in
          guard let base = source.baseAddress else { return }
          model.normalization.apply(base, pixels: rgb.width * rgb.height, into: input.pointer)
        }
      }
    } catch {
      throw .graph(name: name, error)
    }
    var labels = [UInt8](repeating: 0, count: rgb.width * rgb.height)
    labels.withUnsafeMutableBufferPointer { target in
      if let base = target.baseAddress { logits.argMax(into: base, pool: pool) }
    }
    return Prediction(
      mask: Mask(width: rgb.width, height: rgb.height, labels: labels), picture: rgb,
      classes: model.classes, palette: palette,
      probabilities: wantsProbabilities ? logits.softmax(pool: pool) : nil)
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
