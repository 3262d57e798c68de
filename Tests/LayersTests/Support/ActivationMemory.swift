import TensorCore
import Testing

/// Memory for one activation in a test, poisoned so that nothing unwritten passes for a result.
///
/// With gaps, pixels lie `channels + 3` elements apart and the first starts off the cache line, as in a slice
/// of the channels of a wider activation. The gaps hold poison too: reading one spoils a result, writing one
/// is found.
final class ActivationMemory {
  /// A NaN that no computation makes out of clean numbers.
  static let poison = Float(bitPattern: 0x7FC0_DEAD)
  /// Elements between the channels of a pixel and the next pixel.
  static let gap = 3

  /// The activation.
  let view: TensorView
  private let storage: AlignedStorage
  private let offset: Int

  /// Poison of the given shape.
  init(_ shape: Shape, gaps: Bool) {
    let stride = shape.channels + (gaps ? Self.gap : 0)
    offset = gaps ? 1 : 0
    storage = AlignedStorage(count: shape.pixels * stride)
    storage.pointer.update(repeating: Self.poison, count: storage.count)
    view = TensorView(storage.pointer + offset, shape: shape, pixelStride: stride)
  }

  /// A copy of `tensor`.
  convenience init(_ tensor: Tensor, gaps: Bool) {
    self.init(tensor.shape, gaps: gaps)
    view.copy(from: tensor)
  }

  /// The elements; records an issue when a gap was written or an element was not.
  func written(_ what: String, sourceLocation: SourceLocation) -> Tensor {
    let tensor = view.tensor()
    let left = tensor.withUnsafeElements { $0.filter { $0.bitPattern == Self.poison.bitPattern }.count }
    if left > 0 {
      Issue.record("\(what): \(left) elements unwritten or made of poison", sourceLocation: sourceLocation)
    }
    for index in 0..<storage.count {
      let place = (index - offset + view.pixelStride) % max(view.pixelStride, 1)
      if place >= view.channels, storage.pointer[index].bitPattern != Self.poison.bitPattern {
        Issue.record("\(what): wrote beside the channels at \(index)", sourceLocation: sourceLocation)
        break
      }
    }
    return tensor
  }
}

/// A poisoned block of plain numbers with guards before its start and behind its end.
final class GuardedBlock {
  private static let guardCount = 64
  private let storage: AlignedStorage
  private let count: Int

  /// The first element.
  var pointer: UnsafeMutablePointer<Float> { storage.pointer + Self.guardCount }

  /// `count` elements of poison.
  init(count: Int) {
    self.count = count
    storage = AlignedStorage(count: count + 2 * Self.guardCount)
    storage.pointer.update(repeating: ActivationMemory.poison, count: storage.count)
  }

  /// A copy of `tensor`.
  convenience init(_ tensor: Tensor) {
    self.init(count: tensor.count)
    tensor.withUnsafeElements { elements in
      if let base = elements.baseAddress { pointer.update(from: base, count: elements.count) }
    }
  }

  /// The elements as a tensor; records an issue when one was not written.
  func written(_ shape: Shape, _ what: String, sourceLocation: SourceLocation) -> Tensor {
    let elements = (0..<count).map { pointer[$0] }
    if elements.contains(where: { $0.bitPattern == ActivationMemory.poison.bitPattern }) {
      Issue.record("\(what): elements unwritten or made of poison", sourceLocation: sourceLocation)
    }
    return Tensor(elements, shape: shape)
  }

  /// Records an issue when something wrote before the start or behind the end.
  func checkGuard(_ what: String, sourceLocation: SourceLocation) {
    for guarded in [-Self.guardCount..<0, count..<count + Self.guardCount] {
      for index in guarded where pointer[index].bitPattern != ActivationMemory.poison.bitPattern {
        Issue.record("\(what): wrote outside, at \(index) of \(count)", sourceLocation: sourceLocation)
        return
      }
    }
  }
}
