import TensorCore

extension ThreadPool {
  /// Calls `body` once for every row of every image of an activation, on all threads.
  ///
  /// Rows that are short are taken several at a time, so that a chunk is worth its bookkeeping.
  func forEachImageRow(of shape: Shape, _ body: (_ image: Int, _ row: Int) -> Void) {
    let elementsPerChunk = 1 << 14
    let height = shape.height
    guard height > 0 else { return }
    let rows = max(1, elementsPerChunk / max(1, shape.width * shape.channels))
    forEachChunk(of: shape.batch * height, size: rows) { range in
      for index in range { body(index / height, index % height) }
    }
  }
}
