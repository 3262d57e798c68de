extension TensorView {
  /// The channel of the largest element of each pixel of the first image, the first of equals; at most 256 channels.
  public func argMax(pool: ThreadPool) -> [UInt8] {
    let count = shape.height * shape.width
    return [UInt8](unsafeUninitializedCapacity: count) { labels, written in
      if let base = labels.baseAddress { argMax(into: base, pool: pool) }
      written = count
    }
  }

  /// The channel of the largest element of each pixel of one image, the first of equals; at most 256 channels.
  ///
  /// - Parameter labels: `height · width` places, written whole.
  public func argMax(image: Int = 0, into labels: UnsafeMutablePointer<UInt8>, pool: ThreadPool) {
    precondition(channels <= 256, "a label has eight bits")
    let (first, channels) = (image * shape.height * shape.width, channels)
    pool.forEachChunk(of: shape.height * shape.width, size: 8192) { range in
      for index in range {
        let row = pixel(first + index)
        var best = 0
        var largest = row[0]
        for channel in 1..<max(1, channels) where row[channel] > largest {
          largest = row[channel]
          best = channel
        }
        labels[index] = UInt8(truncatingIfNeeded: best)
      }
    }
  }
}
