import TensorCore

extension Tensor {
  /// Normal numbers that depend on the seed alone.
  public static func random(_ shape: Shape, seed: UInt64) -> Tensor {
    var stream = RandomStream(keys: seed, 77)
    return Tensor((0..<shape.count).map { _ in stream.normal() }, shape: shape)
  }

  /// The largest absolute element.
  public var largest: Float { elements.map(abs).max() ?? 0 }

  /// The largest difference of two elements; infinite for another shape or where either is not a number.
  public func difference(from other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    return zip(elements, other.elements).reduce(0) { most, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(most, difference)
    }
  }
}
