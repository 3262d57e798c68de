import TensorCore

extension TensorView {
  /// Adds an activation of the same shape to this one.
  func add(_ other: TensorView, pool: ThreadPool) {
    let channels = channels
    pool.forEachChunk(of: pixels, size: max(1, 65_536 / max(1, channels))) { range in
      for index in range {
        let (target, source) = (pixel(index), other.pixel(index))
        for channel in 0..<channels { target[channel] += source[channel] }
      }
    }
  }
}
