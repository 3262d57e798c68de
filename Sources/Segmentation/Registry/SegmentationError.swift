import Graphs

/// Why a model cannot be built.
public enum SegmentationError: Error, Equatable, CustomStringConvertible {
  /// No architecture of that name.
  case unknownModel(name: String, known: [String])
  /// No argument of that name.
  case unknownArgument(model: String, name: String, known: [String])
  /// An argument that is no number, or one that it may not be.
  case argumentValue(model: String, ArchitectureParameter, found: String)
  /// A network whose shapes do not fit.
  case graph(model: String, GraphError)

  /// Where, what was expected, what was found.
  public var description: String {
    switch self {
    case .unknownModel(let name, let known):
      "--model: expected one of \(known.joined(separator: ", ")), found '\(name)'; "
        + "'segment models' describes them"
    case .unknownArgument(let model, let name, let known):
      "\(model): expected an argument of \(known.joined(separator: ", ")), found '\(name)'"
    case .argumentValue(let model, let parameter, let found):
      "\(model): expected \(parameter.name) of \(parameter.values), found '\(found)'"
    case .graph(let model, let error):
      "\(model): \(error)"
    }
  }
}
