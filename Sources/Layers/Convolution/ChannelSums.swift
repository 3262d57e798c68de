import TensorCore

/// The sum of an activation over all pixels, for each channel: the gradient of a bias.
struct ChannelSums {
  /// Pixels of a partial sum.
  private static let chunkPixels = 2048

  /// Elements of scratch memory.
  static func workspace(for shape: Shape) -> Int {
    (shape.pixels + chunkPixels - 1) / chunkPixels * shape.channels
  }

  /// Writes the C sums.
  static func run(
    _ view: TensorView, into sums: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    let channels = view.channels
    pool.forEachChunk(of: view.pixels, size: chunkPixels) { pixels in
      let partial = workspace + pixels.lowerBound / chunkPixels * channels
      partial.update(repeating: 0, count: channels)
      for pixel in pixels {
        let row = view.pixel(pixel)
        for channel in 0..<channels { partial[channel] += row[channel] }
      }
    }
    sums.update(repeating: 0, count: channels)
    for chunk in 0..<(view.pixels + chunkPixels - 1) / chunkPixels {
      let partial = workspace + chunk * channels
      for channel in 0..<channels { sums[channel] += partial[channel] }
    }
  }
}
