import TensorCore

/// A tensor's elements in the bytes of a file, checked to lie there.
struct StridedView: Hashable {
  let type: ElementType
  private(set) var shape: Shape
  /// Elements from one to the next along each axis; none is negative, and 0 where there is only one.
  private(set) var strides: [Int]
  /// The bytes from the first element to the last.
  let range: Range<Int>

  /// A tensor as a pickle describes it, of these extents and strides, in a storage that has the bytes `range`.
  ///
  /// - Throws: `PyTorchProblem.tensor` when it reaches beyond its storage, or has more elements than that.
  init(
    _ tensor: PickleTensor, _ extents: [Int], _ strides: [Int], name: String, of stored: PickleStorage,
    in storage: Range<Int>
  ) throws(PyTorchProblem) {
    func wrong(_ expected: String, _ found: String) -> PyTorchProblem {
      .tensor(name: name, expected: expected, found: found)
    }
    let size = tensor.type.bits / 8
    guard let start = stored.type.byteCount(of: stored.start),
      let bytes = stored.type.byteCount(of: stored.count),
      let part = Range(start: start, count: bytes, limit: storage.count)
    else {
      throw wrong(
        "a storage of \(stored.count) elements of \(stored.type.rawValue)", "\(storage.count) bytes")
    }
    guard extents.count == strides.count, let count = Shape.checkedCount(extents),
      strides.allSatisfy({ $0 >= 0 }), tensor.offset >= 0
    else {
      throw wrong(
        "a size that can be counted and a stride for each axis",
        "size \(extents) and stride \(strides)")
    }
    (type, shape) = (tensor.type, Shape(extents))
    // A file may say anything of an axis that is never gone along.
    self.strides = zip(extents, strides).map { $0 > 1 ? $1 : 0 }
    let capacity = part.count / max(1, size)
    guard count > 0 else {
      range = storage.lowerBound..<storage.lowerBound
      return
    }
    // A stride of 0 repeats an element; a few bytes could stand for any amount of memory.
    guard count <= capacity else {
      throw wrong("at most the \(capacity) elements of its storage", "\(count)")
    }
    var last = tensor.offset
    for (extent, stride) in zip(extents, strides) {
      let (step, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, beyond) = last.addingReportingOverflow(step)
      guard !overflow, !beyond else {
        throw wrong("\(capacity) elements of its storage", "strides beyond them")
      }
      last = sum
    }
    guard last < capacity else {
      throw wrong("elements below \(capacity), where its storage ends", "element \(last)")
    }
    let base = storage.lowerBound + part.lowerBound
    range = base + tensor.offset * size..<base + (last + 1) * size
  }

  /// Bytes of all elements, as often as they occur.
  var byteCount: Int { shape.count * type.bits / 8 }

  /// The same elements whatever shape they are seen in, where they lie in order: a convolution's weight and the dense
  /// layer's that it is are one.
  var unshaped: StridedView {
    var view = self
    if isContiguous { (view.shape, view.strides) = ([shape.count], [1]) }
    return view
  }

  /// Whether the elements lie in the order of the shape, without gaps.
  private var isContiguous: Bool {
    // The product of the other extents may be beyond an `Int` where one is 0.
    guard shape.count > 0 else { return true }
    var expected = 1
    for (extent, stride) in zip(shape.extents, strides).reversed() where extent > 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }

  /// The elements as `Float`.
  func tensor(_ bytes: [UInt8], name: String, file: String) throws(WeightsError) -> Tensor {
    var tensor = Tensor(zeros: shape)
    let outcome = tensor.withUnsafeMutableElements { target in
      bytes.withUnsafeBytes { all in
        isContiguous
          ? ElementDecoder.decode(UnsafeRawBufferPointer(rebasing: all[range]), type, into: target)
          : gather(all, into: target)
      }
    }
    switch outcome {
    case .done: return tensor
    case .unreadable: throw .notReadable(file: file, tensor: name, type: type)
    case .inexact(let value): throw .inexact(file: file, tensor: name, value: value)
    }
  }

  /// Elements that are brought into the order of the shape together.
  private static let blockCount = 4096

  /// Decodes the elements in the order of the shape, a block of them at a time, so that no second copy is in memory.
  private func gather(
    _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
  ) -> ElementDecoder.Outcome {
    let size = type.bits / 8
    var index = [Int](repeating: 0, count: shape.rank)
    var place = range.lowerBound
    var block = [UInt8](repeating: 0, count: Self.blockCount * size)
    for start in stride(from: 0, to: target.count, by: Self.blockCount) {
      let end = min(start + Self.blockCount, target.count)
      for element in 0..<end - start {
        for byte in 0..<size { block[element * size + byte] = bytes[place + byte] }
        advance(&index, &place, size)
      }
      let outcome = block.withUnsafeBytes {
        ElementDecoder.decode(
          UnsafeRawBufferPointer(rebasing: $0[..<((end - start) * size)]), type,
          into: UnsafeMutableBufferPointer(rebasing: target[start..<end]))
      }
      guard case .done = outcome else { return outcome }
    }
    return .done
  }

  /// Goes on to the next element: the last axis that has one goes on, those behind it start again.
  private func advance(_ index: inout [Int], _ place: inout Int, _ size: Int) {
    var axis = shape.rank - 1
    while axis >= 0 {
      index[axis] += 1
      place += strides[axis] * size
      if index[axis] < shape[axis] { return }
      place -= index[axis] * strides[axis] * size
      index[axis] = 0
      axis -= 1
    }
  }
}
