import Convolutionalization
import Graphs
import Images
import Layers
import TensorCore
import Weights

/// Slides a classifier over whole pictures.
public final class HeatMapper {
  /// The classifier as it slides.
  public let model: LoadedModel
  /// The size in pixels of what a cell stands for.
  public let size: Checkpoint.Size
  private let stride: Pair
  private let pool: ThreadPool

  /// A mapper of the classifier `graph` with the parameters of `checkpoint`.
  ///
  /// - Throws: `InferenceError` when they do not belong together, or the classifier cannot slide.
  public init(
    name: String, graph: Graph, checkpoint: Checkpoint, pool: ThreadPool
  ) throws(InferenceError) {
    let parameters = try LoadedModel.parameters(of: checkpoint, for: graph, name: name)
    let sliding: SlidingClassifier
    var converted = checkpoint
    do throws(ConvolutionalizationError) {
      sliding = try graph.convolutionalized(at: checkpoint.trainingSize.map { Pair($0.height, $0.width) })
      converted.parameters = try sliding.parameters(from: parameters.tensors)
    } catch {
      throw .convolutionalization(name: name, error)
    }
    model = try LoadedModel(name: name, graph: sliding.graph, checkpoint: converted, pool: pool)
    try model.checkChannels()
    (size, stride) = (.init(height: sliding.size.height, width: sliding.size.width), sliding.stride)
    self.pool = pool
  }

  /// Where the classifier sees a class in `picture`.
  ///
  /// - Parameters:
  ///   - className: index or name of the class; the one of the largest mean probability if `nil`.
  ///   - name: what errors call the picture.
  /// - Throws: `InferenceError` for an unknown class, a picture smaller than `size`, or too little memory.
  public func heatMap(
    of picture: Raster, class className: String?, name: String
  ) throws(InferenceError) -> ClassHeatMap {
    var wanted: Int?
    if let className { wanted = try model.classes.index(ofClass: className, option: "--class") }
    guard picture.height >= size.height, picture.width >= size.width else {
      throw .pictureTooSmall(name: name, expected: size, width: picture.width, height: picture.height)
    }
    let rgb = picture.rgb8()
    let probabilities: Tensor
    do throws(GraphError) {
      let shape = Shape(batch: 1, height: rgb.height, width: rgb.width, channels: model.network.channels)
      let logits = try model.network.run(shape) { model.write(rgb, into: $0) }
      probabilities = logits.softmax(pool: pool)
    } catch {
      throw .graph(name: name, error)
    }
    guard probabilities.elements.allSatisfy(\.isFinite) else {
      throw .notFinite(model: model.name, image: name)
    }
    let chosen = wanted ?? Self.likeliest(probabilities)
    let shape = probabilities.shape
    let values = probabilities.withUnsafeElements { elements in
      (0..<shape.pixels).map { elements[$0 * shape.channels + chosen] }
    }
    return ClassHeatMap(
      index: chosen, name: model.classes[chosen],
      map: HeatMap(
        rows: shape.height, columns: shape.width, values: values, size: Pair(size.height, size.width),
        stride: stride),
      picture: rgb)
  }

  /// The class of the largest sum over all cells, the first of equal ones.
  private static func likeliest(_ probabilities: Tensor) -> Int {
    let classes = probabilities.shape.channels
    var sums = [Double](repeating: 0, count: classes)
    probabilities.withUnsafeElements { elements in
      for index in elements.indices { sums[index % classes] += Double(elements[index]) }
    }
    var best = 0
    for index in sums.indices where sums[index] > sums[best] { best = index }
    return best
  }
}
