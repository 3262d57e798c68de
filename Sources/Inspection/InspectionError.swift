import Graphs
import Images

/// Why a network could not be looked into.
public enum InspectionError: Error, Equatable, CustomStringConvertible {
  /// No layer of that name.
  case unknownLayer(name: String, model: String, near: [String])
  /// A layer that has no filters.
  case noConvolution(layer: String, operator: String, near: [String])
  /// A channel that a layer has not.
  case channel(layer: String, channels: Int, found: Int)
  /// No class of that index or name.
  case unknownClass(model: String, name: String, classes: Int, names: [String])
  /// A layer that depends on something besides the one it should be seen from.
  case notBehind(layer: String, other: String)
  /// A layer whose activation has a single pixel, or none that the classes depend on.
  case noMap(layer: String, height: Int, width: Int)
  /// A region that does not lie in the picture.
  case region(found: String, width: Int, height: Int)
  /// A region of a network that gives the whole image a class.
  case regionOfClassifier(model: String)
  /// A network that reads neither colour nor gray.
  case inputChannels(model: String, found: Int)
  /// A setting outside of its range.
  case setting(name: String, expected: String, found: String)
  /// Values that are no numbers.
  case notFinite(model: String, layer: String)
  /// A file name that does not say what to write.
  case ending(path: String)
  /// The network.
  case graph(model: String, GraphError)
  /// A picture.
  case image(ImageError)

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .unknownLayer(let name, let model, let near):
      "\(model): expected a layer of the network, found '\(name)'; \(Self.near(near))'segment summary' lists them all"
    case .noConvolution(let layer, let operation, let near):
      "\(layer): expected a convolution, whose filters can be drawn, found \(operation); \(Self.near(near))"
        + "'segment summary' lists them all"
    case .channel(let layer, let channels, let found):
      "\(layer): expected a channel of 0…\(channels - 1), found \(found)"
    case .unknownClass(let model, let name, let classes, let names):
      "\(model): expected a class of 0…\(classes - 1)"
        + (names.isEmpty ? "" : " or one of \(Self.some(names))") + ", found '\(name)'"
    case .notBehind(let layer, let other):
      "\(layer): expected a layer that sees the image through \(other) alone, found one that sees more; name an earlier "
        + "layer with --on, or leave it out"
    case .noMap(let layer, let height, let width):
      "\(layer): expected a layer with a map, whose gradient reaches the classes, found \(height)×\(width) pixels; name "
        + "an earlier one with --layer"
    case .region(let found, let width, let height):
      "--region: expected x,y,width,height within \(width)×\(height) pixels, found '\(found)'"
    case .regionOfClassifier(let model):
      "\(model): expected a network that gives every pixel a class, for --region, found a classifier; leave it out"
    case .inputChannels(let model, let found):
      "\(model): expected a network of 3 input channels or 1, found \(found)"
    case .setting(let name, let expected, let found):
      "\(name): expected \(expected), found \(found)"
    case .notFinite(let model, let layer):
      "\(layer): expected numbers, found values that are none; the weights of \(model) are damaged, or belong to another "
        + "network"
    case .ending(let path):
      "\(path): expected a name that ends in .png or .html, found another; rename the output"
    case .graph(let model, let error): "\(model): \(error)"
    case .image(let error): error.description
    }
  }

  private static func near(_ names: [String]) -> String {
    names.isEmpty ? "" : "near it are \(names.joined(separator: ", ")); "
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
