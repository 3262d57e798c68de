import Files

/// A file of a prediction, which is made while it is written.
public struct ResultFile: Sendable {
  /// What follows the input's name in that of the file.
  public let suffix: String
  private let content: @Sendable (@escaping ByteSink) throws(InferenceError) -> Void

  init(suffix: String, content: @escaping @Sendable (@escaping ByteSink) throws(InferenceError) -> Void) {
    (self.suffix, self.content) = (suffix, content)
  }

  /// Gives all bytes to `sink`, part by part.
  ///
  /// - Throws: `InferenceError` when the result cannot be encoded, or for what `sink` throws.
  public func write(to sink: @escaping ByteSink) throws(InferenceError) { try content(sink) }
}
