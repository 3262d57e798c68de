import TensorCore

extension Tensor {
  /// Elementwise.
  func map(_ transform: (Float) -> Float) -> Tensor { Tensor(elements.map(transform), shape: shape) }
}
