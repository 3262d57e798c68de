import TensorCore
import TestSupport

extension Tensor {
  /// Labels below `classes`, some of them 255.
  static func labels(_ shape: Shape, classes: Int, seed: UInt64) -> Tensor {
    var stream = RandomStream(keys: seed, 78)
    return Tensor(
      (0..<shape.count).map { _ in stream.below(8) == 0 ? 255 : Float(stream.below(classes)) }, shape: shape)
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
