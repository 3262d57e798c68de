import Layers
import TensorCore

/// Why a network cannot be built, planned or given its parameters.
public enum GraphError: Error, Equatable, CustomStringConvertible {
  /// Two nodes of one name.
  case duplicateName(String)
  /// A node that reads a later one.
  case notInOrder(String)
  /// An argument of a network that it cannot be built with.
  case setting(network: String, name: String, expected: String, found: Int)
  /// An operator that does not take its inputs.
  case layer(node: String, LayerError)
  /// A parameter that the graph reads and nobody gave.
  case parameterMissing(String)
  /// A parameter of another shape.
  case parameterShape(name: String, expected: Shape, found: Shape)
  /// An input of another shape than the network takes.
  case inputShape(name: String, expected: String, found: Shape)
  /// More memory than the budget.
  case memory(MemoryError)

  /// Where, what was expected, what was found.
  public var description: String {
    switch self {
    case .duplicateName(let name):
      "\(name): expected a name of its own for each node, found it twice"
    case .notInOrder(let name):
      "\(name): expected inputs of earlier nodes, found a later one"
    case .setting(let network, let name, let expected, let found):
      "\(network): expected \(name) \(expected), found \(found)"
    case .layer(let node, let error):
      "\(node): \(error)"
    case .parameterMissing(let name):
      "\(name): expected a parameter, found none; load weights that have it"
    case .parameterShape(let name, let expected, let found):
      "\(name): expected a parameter of \(expected), found \(found)"
    case .inputShape(let name, let expected, let found):
      "\(name): expected an input of \(expected), found \(found)"
    case .memory(let error):
      error.description
    }
  }
}
