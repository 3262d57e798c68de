/// A list that grows by blocks of equal size and only grows: nothing is copied on the way, so that it takes the memory of
/// its elements and of one block at most.
struct BlockArray<Element> {
  /// Elements of a block.
  private static var blockCount: Int { 256 }

  private var blocks: [[Element]] = []
  private(set) var count = 0

  /// The bytes of memory that appending one more takes: a block's when those there are full, and mostly none.
  var bytesToAppend: Int {
    // A block's own header and its place in the list of blocks, which doubles, are 64 bytes at most.
    count % Self.blockCount == 0 ? Self.blockCount * MemoryLayout<Element>.stride + 64 : 0
  }

  mutating func append(_ element: Element) {
    if count % Self.blockCount == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.blockCount)
    }
    blocks[blocks.count - 1].append(element)
    count += 1
  }

  subscript(index: Int) -> Element {
    get { blocks[index / Self.blockCount][index % Self.blockCount] }
    set { blocks[index / Self.blockCount][index % Self.blockCount] = newValue }
  }
}

extension BlockArray: Sendable where Element: Sendable {}
