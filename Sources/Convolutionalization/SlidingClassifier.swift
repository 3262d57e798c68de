import Graphs
import Layers
import TensorCore

/// A classifier that was made fully convolutional.
public struct SlidingClassifier: Sendable {
  /// From an image `[N, H, W, C]` to a logit for each class and position, `[N, H', W', classes]`.
  public let graph: Graph
  /// Height and width in pixels of what a cell stands for: the training images' size.
  public let size: Pair
  /// Pixels from a cell to the next.
  public let stride: Pair
  /// The weights that have another shape than in the classifier, by name.
  let weights: [String: Shape]

  /// The classifier's parameters as this network reads them: the same names and elements, the weights of dense layers
  /// seen as those of convolutions, `[O, C · H · W]` as `[O, C, H, W]`.
  ///
  /// - Throws: `ConvolutionalizationError.graph` for a weight of another count.
  public func parameters(
    from classifier: [String: Tensor]
  ) throws(ConvolutionalizationError) -> [String: Tensor] {
    var parameters = classifier
    for (name, shape) in weights {
      guard let weight = classifier[name] else { throw .graph(.parameterMissing(name)) }
      guard weight.count == shape.count else {
        throw .graph(.parameterShape(name: name, expected: shape, found: weight.shape))
      }
      parameters[name] = weight.reshaped(shape)
    }
    return parameters
  }
}
