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

  /// Bytes of a block that was mapped by itself, from where the mapping begins; `nil` for one on the heap.
  private let mapping: UnsafeMutableRawBufferPointer?

  /// Takes a block of `count` zeros.
  ///
  /// A large block is mapped: the system's new pages are zero already, and each is cleared by the thread that touches it
  /// first, all threads at once where a network runs.
  public init(count: Int) {
    self.count = count
    let capacity = max(count, 1)
    let bytes = capacity * MemoryLayout<Float>.stride
    if bytes >= 2 * Self.hugePage, let mapping = Self.map(bytes) {
      self.mapping = mapping.whole
      pointer = mapping.start.bindMemory(to: Float.self, capacity: capacity)
      return
    }
    mapping = nil
    pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
      .bindMemory(to: Float.self, capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }

  /// New pages for so many bytes from the start of a huge page on; `nil` when the system has none, which the heap then
  /// tells of in its own way.
  private static func map(
    _ bytes: Int
  ) -> (whole: UnsafeMutableRawBufferPointer, start: UnsafeMutableRawPointer)? {
    let length = bytes + hugePage
    guard
      let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      base != MAP_FAILED
    else { return nil }
    let start = base.alignedUp(toMultipleOf: hugePage)
    // Advice that is not taken costs speed and nothing else.
    madvise(start, bytes, Int32(MADV_HUGEPAGE))
    return (UnsafeMutableRawBufferPointer(start: base, count: length), start)
  }

  deinit {
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }
}
