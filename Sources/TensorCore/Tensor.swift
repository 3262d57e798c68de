/// An array of `Float` with a shape: a value with copy-on-write storage.
public struct Tensor: Sendable {
  /// The extents; elements lie with the last axis contiguous.
  public let shape: Shape
  private var storage: AlignedStorage

  /// A tensor of zeros.
  public init(zeros shape: Shape) {
    self.shape = shape
    storage = AlignedStorage(count: shape.count)
  }

  /// A tensor filled with one value.
  public init(repeating value: Float, shape: Shape) {
    self.init(zeros: shape)
    storage.pointer.update(repeating: value, count: shape.count)
  }

  /// A tensor of the given elements, `shape.count` of them.
  public init(_ elements: [Float], shape: Shape) {
    precondition(elements.count == shape.count, "a tensor of \(shape) has \(shape.count) elements")
    self.init(zeros: shape)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { storage.pointer.update(from: base, count: source.count) }
    }
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The elements, copied out.
  public var elements: [Float] { withUnsafeElements { Array($0) } }

  /// Calls `body` with the elements, for reading.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// Calls `body` with the elements, for writing; a shared storage is copied first.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = AlignedStorage(count: storage.count)
      copy.pointer.update(from: storage.pointer, count: storage.count)
      storage = copy
    }
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "\(self.shape) cannot be seen as \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  private init(shape: Shape, storage: AlignedStorage) {
    self.shape = shape
    self.storage = storage
  }
}

extension Tensor: Equatable {
  /// Equal shapes and equal bits: `NaN` equals the same `NaN`, and `-0` is not `0`.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape
      && left.withUnsafeElements { a in
        right.withUnsafeElements { b in
          zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
        }
      }
  }
}

extension Tensor {
  /// `[N, C, H, W]`, PyTorch's order, to `[N, H, W, C]`, this package's.
  public func channelsLast() -> Tensor {
    permuted(outer: shape[0], rows: shape[1], shape[2] * shape[3]) {
      [shape[0], shape[2], shape[3], shape[1]]
    }
  }

  /// `[N, H, W, C]`, this package's order, to `[N, C, H, W]`, PyTorch's.
  public func channelsFirst() -> Tensor {
    permuted(outer: shape[0], rows: shape[1] * shape[2], shape[3]) {
      [shape[0], shape[3], shape[1], shape[2]]
    }
  }

  /// Transposes each of `outer` matrices of `rows` × `columns`.
  private func permuted(outer: Int, rows: Int, _ columns: Int, shape: () -> Shape) -> Tensor {
    var result = Tensor(zeros: shape())
    withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        for matrix in 0..<outer {
          let base = matrix * rows * columns
          for row in 0..<rows {
            for column in 0..<columns {
              target[base + column * rows + row] = source[base + row * columns + column]
            }
          }
        }
      }
    }
    return result
  }
}
