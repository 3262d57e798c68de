import Files

/// A path as the file system compares it, byte for byte; texts are equal already when they look alike (an `é` of one
/// or of two code points).
struct ExactPath: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: ExactPath, other: ExactPath) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

  static func < (one: ExactPath, other: ExactPath) -> Bool {
    one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }

  /// The place of a file, however its path is spelt.
  init(placeOf path: String) { self.init(path.placePath) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
