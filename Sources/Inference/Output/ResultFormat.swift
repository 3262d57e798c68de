/// A form in which a prediction is written.
public enum ResultFormat: String, Sendable, CaseIterable {
  /// `NAME.mask.png`: 8-bit palette PNG whose indices are the classes.
  case mask
  /// `NAME.overlay.png`: the picture with the classes' colours over it.
  case overlay
  /// `NAME.color.png`: the classes' colours alone, RGB.
  case color
  /// `NAME.probabilities.safetensors`: tensor `probabilities` `[C, H, W]`.
  case probabilities
  /// `NAME.classes.json`: pixels and share of each class.
  case json

  /// What follows the input's name.
  public var suffix: String {
    switch self {
    case .mask: ".mask.png"
    case .overlay: ".overlay.png"
    case .color: ".color.png"
    case .probabilities: ".probabilities.safetensors"
    case .json: ".classes.json"
    }
  }

  /// The formats of a list such as `mask,overlay`.
  ///
  /// - Throws: `InferenceError.unknownFormat`.
  public static func list(_ text: String) throws(InferenceError) -> [ResultFormat] {
    var formats: [ResultFormat] = []
    for name in text.split(separator: ",").map(String.init) {
      guard let format = ResultFormat(rawValue: name) else {
        throw .unknownFormat(name: name, known: allCases.map(\.rawValue))
      }
      if !formats.contains(format) { formats.append(format) }
    }
    guard !formats.isEmpty else { throw .unknownFormat(name: text, known: allCases.map(\.rawValue)) }
    return formats
  }
}
