import TensorCore

extension Tensor {
  /// Normal numbers that depend on the seed alone.
  static func random(_ shape: Shape, seed: UInt64) -> Tensor {
    var stream = RandomStream(keys: seed, 77)
    return Tensor((0..<shape.count).map { _ in stream.normal() }, shape: shape)
  }

  /// Labels below `classes`, some of them 255.
  static func labels(_ shape: Shape, classes: Int, seed: UInt64) -> Tensor {
    var stream = RandomStream(keys: seed, 78)
    return Tensor(
      (0..<shape.count).map { _ in stream.below(8) == 0 ? 255 : Float(stream.below(classes)) }, shape: shape)
  }

  /// The largest absolute element.
  var largest: Float { elements.map(abs).max() ?? 0 }

  /// The largest difference of two elements; infinite for another shape or where either is not a number.
  func difference(from other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    return zip(elements, other.elements).reduce(0) { most, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(most, difference)
    }
  }
}

/// Parameters of which none is at a start value that would hide a mistake.
func randomized(_ parameters: [String: Tensor], seed: UInt64) -> [String: Tensor] {
  Dictionary(
    uniqueKeysWithValues: parameters.keys.sorted().enumerated().map { index, name in
      let shape = parameters[name]?.shape ?? []
      let noise = Tensor.random(shape, seed: seed &+ UInt64(index))
      let elements = noise.elements.map { value in
        if name.hasSuffix("running_var") { return 0.5 + abs(value) }
        if shape.rank == 1 { return name.hasSuffix(".weight") ? 1 + 0.3 * value : 0.3 * value }
        return value * (2 / Float(shape.count / max(1, shape[0]))).squareRoot()
      }
      return (name, Tensor(elements, shape: shape))
    })
}
