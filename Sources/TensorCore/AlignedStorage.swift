import Foundation

/// A block of `Float` that starts on a cache line (64 bytes), which is also the widest vector load.
///
/// The block belongs to this object and is freed with it. It is initialised to zero.
public final class AlignedStorage: @unchecked Sendable {
  // @unchecked: the owner (a `Tensor` with copy-on-write, or a plan that runs on one thread at a time) orders
  // the writes.

  /// The first element.
  public let pointer: UnsafeMutablePointer<Float>
  /// The number of elements.
  public let count: Int

  /// Bytes of alignment of every block.
  public static let alignment = 64

  /// Bytes of a huge page on the processors that this runs on. Blocks of several are asked for in such pages: a network
  /// walks through its weights and activations from end to end, and looking up small pages would slow that down.
  private static let hugePage = 2 << 20

  /// Takes a block of `count` zeros.
  public init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let isHuge = bytes >= 2 * Self.hugePage
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isHuge ? Self.hugePage : Self.alignment)
    // Advice that is not taken costs speed and nothing else.
    if isHuge { madvise(raw, bytes, Int32(MADV_HUGEPAGE)) }
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
