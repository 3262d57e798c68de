import Augmentation
import Images

/// What the values of a mask file mean.
///
/// A value that is listed means what the list says; the ignored value means 'no class'; any other value below the
/// number of classes is the class of that index.
public struct LabelRules: Sendable, Equatable {
  /// What a listed value means.
  public enum Meaning: Sendable, Equatable {
    /// No class.
    case ignored
    /// The class of that index.
    case label(UInt8)
  }

  /// The number of classes, 1 to 255.
  public var classes: Int
  /// The value that means 'no class', if there is one.
  public var ignore: UInt16?
  /// The values that do not stand for themselves.
  public var map: [UInt16: Meaning]
  /// What the colours of masks in colour mean; without any, such masks are refused.
  public var colors: [Color: Meaning]

  /// Rules for so many classes.
  public init(
    classes: Int, ignore: UInt16? = nil, map: [UInt16: Meaning] = [:], colors: [Color: Meaning] = [:]
  ) {
    self.classes = classes
    self.ignore = ignore
    self.map = map
    self.colors = colors
  }

  /// The legal values as a message lists them: `0…10, 11 (ignore) or 255 (ignore)`.
  public var expected: String {
    var others: [UInt16: String] = [:]
    if let ignore { others[ignore] = "\(ignore) (ignore)" }
    for (value, meaning) in map {
      switch meaning {
      case .ignored: others[value] = "\(value) (ignore)"
      case .label(let label) where Int(value) >= classes: others[value] = "\(value) (as \(label))"
      case .label: break
      }
    }
    var parts = [classes == 1 ? "0" : "0…\(classes - 1)"]
    parts += others.sorted { $0.key < $1.key }.map(\.value)
    guard parts.count > 1, let last = parts.popLast() else { return parts[0] }
    return parts.joined(separator: ", ") + " or " + last
  }

  /// The label of every value of 16 bits; `illegal` where a value means nothing.
  func table() -> [UInt16] {
    var table = [UInt16](repeating: Self.illegal, count: 1 << 16)
    for label in 0..<classes { table[label] = UInt16(label) }
    if let ignore { table[Int(ignore)] = UInt16(Sample.ignoredLabel) }
    for (value, meaning) in map {
      switch meaning {
      case .ignored: table[Int(value)] = UInt16(Sample.ignoredLabel)
      case .label(let label): table[Int(value)] = UInt16(label)
      }
    }
    return table
  }

  /// Above every label.
  static let illegal: UInt16 = .max
}
