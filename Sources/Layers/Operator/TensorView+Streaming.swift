import TensorCore

extension TensorView {
  /// Elements of an output that the third-level cache still holds when it is read.
  private static let cachedElements = 1024 * 1024

  /// Whether what a layer writes here is better written past the caches: they would not hold it until it is read, and
  /// `activation` comes with the sums instead of reading them again.
  func isStreamed(with activation: Activation) -> Bool {
    shape.count > Self.cachedElements && (activation == .relu || activation == .identity)
  }
}
