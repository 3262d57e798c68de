import TensorCore

/// Why an operator cannot take its inputs.
public enum LayerError: Error, Equatable, CustomStringConvertible {
  /// Another number of inputs.
  case inputCount(operator: String, expected: Int, found: Int)
  /// Another number of channels.
  case channels(operator: String, expected: Int, found: Int)
  /// Channels that groups do not divide.
  case groups(operator: String, channels: Int, groups: Int)
  /// A window larger than the padded input.
  case windowTooLarge(operator: String, window: Pair, padded: Pair)
  /// Inputs that should agree in some axes and do not.
  case shapesDiffer(operator: String, expected: Shape, found: Shape)
  /// A setting outside of its range.
  case setting(operator: String, name: String, expected: String, found: Int)

  /// What was expected and what was found.
  public var description: String {
    switch self {
    case .inputCount(let name, let expected, let found):
      "\(name): expected \(expected) inputs, found \(found)"
    case .channels(let name, let expected, let found):
      "\(name): expected \(expected) input channels, found \(found)"
    case .groups(let name, let channels, let groups):
      "\(name): expected channels that \(groups) groups divide, found \(channels)"
    case .windowTooLarge(let name, let window, let padded):
      "\(name): expected a padded input of at least \(window), found \(padded); use a larger image"
    case .shapesDiffer(let name, let expected, let found):
      "\(name): expected an input of \(expected), found \(found)"
    case .setting(let name, let setting, let expected, let found):
      "\(name): expected \(setting) \(expected), found \(found)"
    }
  }
}

extension Operator {
  /// Throws unless there are `count` inputs.
  func expect(_ inputs: [Shape], count: Int) throws(LayerError) {
    if inputs.count != count {
      throw .inputCount(operator: label, expected: count, found: inputs.count)
    }
  }

  /// Throws unless `input` has `channels` channels.
  func expect(_ input: Shape, channels: Int) throws(LayerError) {
    if input.channels != channels {
      throw .channels(operator: label, expected: channels, found: input.channels)
    }
  }
}
