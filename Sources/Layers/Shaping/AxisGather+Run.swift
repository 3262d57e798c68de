import TensorCore

extension AxisGather {
  /// Writes every pixel of `target` as the sum of the pixels of `source` that `rows` and `columns` name.
  static func run(
    rows: AxisGather, columns: AxisGather, from source: TensorView, to target: TensorView, pool: ThreadPool
  ) {
    let (width, channels) = (target.shape.width, target.channels)
    pool.forEachImageRow(of: target.shape) { image, row in
      let line = target.pixel(image, row, 0)
      let sourceRows = rows.terms(row)
      for x in 0..<width {
        let pixel = line + x &* target.pixelStride
        var isFirst = true
        for vertical in sourceRows {
          let sourceLine = source.pixel(image, rows.sources[vertical], 0)
          let weight = rows.weights[vertical]
          for horizontal in columns.terms(x) {
            let from = sourceLine + columns.sources[horizontal] &* source.pixelStride
            let product = weight * columns.weights[horizontal]
            if isFirst {
              ChannelLoops.scale(from, by: product, to: pixel, channels)
            } else {
              ChannelLoops.add(from, by: product, to: pixel, channels)
            }
            isFirst = false
          }
        }
        if isFirst { ChannelLoops.zero(pixel, channels) }
      }
    }
  }
}
