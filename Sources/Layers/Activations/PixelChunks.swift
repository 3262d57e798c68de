import TensorCore

/// How loops over an activation are cut: a property of the shape alone, so that sums over chunks are the same
/// bits on any number of threads.
///
/// A chunk is some 128 KiB: two sweeps over it find it in the cache, and small images still make several.
struct PixelChunks {
  /// Elements of a chunk, unless one pixel alone has more.
  static let elements = 32768

  /// N·H·W of the activation.
  let pixels: Int
  /// Pixels of every chunk but the last.
  let size: Int

  /// The chunks of an activation.
  init(_ shape: Shape) {
    pixels = shape.pixels
    size = max(1, Self.elements / max(1, shape.channels))
  }

  /// The number of chunks.
  var count: Int { (pixels + size - 1) / size }

  /// The pixels of one chunk.
  subscript(index: Int) -> Range<Int> { index * size..<min(pixels, (index + 1) * size) }
}

extension ThreadPool {
  /// Calls `body` for runs of elements that cover `shape`: a whole chunk where the views are contiguous, else
  /// a pixel at a time.
  ///
  /// - Parameter body: gets the run's first pixel and its count of elements.
  func forEachRun(
    _ shape: Shape, contiguous: Bool, _ body: (_ pixel: Int, _ count: Int) -> Void
  ) {
    let chunks = PixelChunks(shape)
    let channels = shape.channels
    forEach(chunks.count) { index, _ in
      let range = chunks[index]
      if contiguous {
        body(range.lowerBound, range.count * channels)
      } else {
        for pixel in range { body(pixel, channels) }
      }
    }
  }

  /// Writes 0 to every element of `view`.
  func clear(_ view: TensorView) {
    forEachRun(view.shape, contiguous: view.isContiguous) { pixel, count in
      view.pixel(pixel).update(repeating: 0, count: count)
    }
  }
}
