/// Why an augmentation was refused.
public enum AugmentationError: Error, Equatable, CustomStringConvertible {
  /// A parameter lies outside of its range; `key` is dotted, `crop.width`.
  case outOfRange(key: String, lower: Double, upper: Double, found: Double)
  /// The lower end of a drawn range lies above its upper end.
  case emptyRange(key: String, min: Double, max: Double)
  /// A step that pastes masks, for images that have one class each.
  case needsMasks(step: String)

  /// Where, what was expected, what was found.
  public var description: String {
    switch self {
    case .outOfRange(let key, let lower, let upper, let found):
      "\(key): expected a number in \(Self.text(lower))…\(Self.text(upper)), found \(Self.text(found))"
    case .emptyRange(let key, let min, let max):
      "\(key): expected 'min' at most 'max', found \(Self.text(min)) and \(Self.text(max)); exchange them"
    case .needsMasks(let step):
      "\(step): expected images with masks, found images with a class each; remove the step"
    }
  }

  /// `256` rather than `256.0`.
  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
