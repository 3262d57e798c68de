/// How a picture of any size is brought to the one size that a classifier takes.
public enum ImageFit: String, Sendable, Codable, CaseIterable {
  /// Resized until it just covers the size, and the middle cut out.
  case cover
  /// Put in the middle of a black picture, made smaller first only if it is larger.
  case pad
}
