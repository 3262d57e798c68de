import Graphs
import Layers

/// Why a classifier cannot be made fully convolutional.
public enum ConvolutionalizationError: Error, Equatable, CustomStringConvertible {
  /// An operator whose output does not move with the image.
  case operation(node: String, label: String)
  /// An adaptive pooling of a size that its output does not divide.
  case unevenPooling(node: String, output: Pair, found: Pair)
  /// Features with gaps between them, which only a dense layer may read.
  case spread(node: String, label: String)
  /// The network itself.
  case graph(GraphError)

  /// Where, what was expected, what was found.
  public var description: String {
    switch self {
    case .operation(let node, let label):
      "\(node): expected an operator that slides over an image, found \(label)"
    case .unevenPooling(let node, let output, let found):
      "\(node): expected features of a multiple of \(output) at the training size, found \(found); choose another "
        + "training size"
    case .spread(let node, let label):
      "\(node): expected a dense layer behind an adaptive pooling, found \(label)"
    case .graph(let error):
      error.description
    }
  }
}
