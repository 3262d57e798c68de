import TensorCore

extension Tensor {
  /// Uniform numbers in `-1...1` (or `range`).
  static func random(_ shape: Shape, seed: UInt64, in range: ClosedRange<Float> = -1...1) -> Tensor {
    var stream = RandomStream(keys: 77, seed)
    return Tensor((0..<shape.count).map { _ in stream.uniform(in: range) }, shape: shape)
  }

  /// Small whole numbers in `range`, of which sums and products are exact.
  static func integers(_ shape: Shape, seed: UInt64, in range: ClosedRange<Int> = -4...4) -> Tensor {
    var stream = RandomStream(keys: 78, seed)
    let width = range.upperBound - range.lowerBound + 1
    return Tensor(
      (0..<shape.count).map { _ in Float(range.lowerBound + stream.below(width)) }, shape: shape)
  }

  /// Numbers in random order around 0 of which no two, and none and 0, are closer than `spacing / 2`.
  static func distinct(_ shape: Shape, seed: UInt64, spacing: Float = 0.125) -> Tensor {
    var stream = RandomStream(keys: 79, seed)
    let order = stream.permutation(shape.count)
    return Tensor(
      order.map { (Float($0) - Float(shape.count / 2) + 0.5) * spacing }, shape: shape)
  }

  /// 1, 2, 3, … in memory order.
  static func counting(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Float($0 + 1) }, shape: shape)
  }

  /// The elements' bits as whole numbers: what an output of indices holds.
  var indices: [Int] { elements.map { Int(Int32(bitPattern: $0.bitPattern)) } }

  /// An activation of whole numbers held as bits: an input of indices.
  static func indices(_ values: [Int], shape: Shape) -> Tensor {
    Tensor(values.map { Float(bitPattern: UInt32(bitPattern: Int32($0))) }, shape: shape)
  }
}

/// The text of the error that `body` throws; empty when it throws none.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}
