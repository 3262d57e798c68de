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

  /// Takes a block of `count` zeros.
  public init(count: Int) {
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: Self.alignment)
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
