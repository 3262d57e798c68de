import TensorCore

extension TensorView {
  /// Writes 0 everywhere, leaving the gaps alone.
  func fillZero(pool: ThreadPool) {
    let width = shape.width
    pool.forEachImageRow(of: shape) { image, row in
      let line = pixel(image, row, 0)
      if isContiguous {
        ChannelLoops.zero(line, width * channels)
      } else {
        for x in 0..<width { ChannelLoops.zero(line + x &* pixelStride, channels) }
      }
    }
  }

  /// Copies all elements of `source`, which has the same shape.
  func copy(from source: TensorView, pool: ThreadPool) {
    let width = shape.width
    pool.forEachImageRow(of: shape) { image, row in
      ChannelLoops.copyRow(
        source.pixel(image, row, 0), stride: source.pixelStride, to: pixel(image, row, 0),
        stride: pixelStride, width: width, channels: channels)
    }
  }
}
