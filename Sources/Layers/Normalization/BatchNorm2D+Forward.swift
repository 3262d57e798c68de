import CKernels
import TensorCore

extension BatchNorm2D {
  /// Writes the normalised input; in training also the statistics, saved and running.
  public func forward(_ pass: ForwardPass) {
    let channels = pass.inputs[0].channels
    let scale = pass.workspace
    let (weight, mean, variance) = (pass.parameters[0], pass.parameters[2], pass.parameters[3])
    switch pass.mode {
    case .inference:
      for channel in 0..<channels {
        scale[channel] = weight[channel] / (variance[channel] + epsilon).squareRoot()
      }
      normalize(pass, center: mean, scale: scale)
    case .training:
      findStatistics(pass, partials: pass.workspace + channels)
      let (center, inverse) = (pass.saved[0].pointer, pass.saved[1].pointer)
      for channel in 0..<channels { scale[channel] = weight[channel] * inverse[channel] }
      normalize(pass, center: center, scale: scale)
    }
  }

  private func normalize(
    _ pass: ForwardPass, center: UnsafePointer<Float>, scale: UnsafePointer<Float>
  ) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let addend = takesAddend ? pass.inputs[1] : nil
    let chunks = PixelChunks(input.shape)
    let streams = output.isStreamed(with: activation)
    pass.pool.forEach(chunks.count) { index, _ in
      let range = chunks[index]
      tsr_normalize(
        range.count, input.channels, input.pixel(range.lowerBound), input.pixelStride, center, scale,
        pass.parameters[1], addend?.pixel(range.lowerBound), addend?.pixelStride ?? 0, lowest,
        streams ? 1 : 0, output.pixel(range.lowerBound), output.pixelStride)
      if streams { tsr_end_streams() }
      if clamps { return }
      if output.isContiguous {
        activation.apply(output.pixel(range.lowerBound), range.count * output.channels)
      } else {
        for pixel in range { activation.apply(output.pixel(pixel), output.channels) }
      }
    }
  }

  /// Moments of chunks, then of all pixels (Chan et al. 1979, "Updating formulae and a pairwise algorithm for
  /// computing sample variances"), in `Double` and in the order of the chunks.
  private func findStatistics(_ pass: ForwardPass, partials: UnsafeMutablePointer<Float>) {
    let input = pass.inputs[0]
    let channels = input.channels
    let chunks = PixelChunks(input.shape)
    pass.pool.forEach(chunks.count) { position, _ in
      // From the end, so that what follows begins where this ends and finds it in a cache.
      let index = chunks.count - 1 - position
      let range = chunks[index]
      let means = partials + 3 * index * channels
      tsr_moments(
        range.count, channels, input.pixel(range.lowerBound), input.pixelStride, means, means + channels,
        means + 2 * channels)
    }
    pass.pool.forEachChunk(of: channels, size: Self.channelChunk) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * range.count) { totals in
        guard let means = totals.baseAddress else { return }
        merge(
          UnsafePointer(partials + range.lowerBound), range.count, chunks, channels, means: means,
          squares: means + range.count)
        for (place, channel) in range.enumerated() {
          record(
            pass, channel, mean: means[place], squares: means[range.count + place], pixels: chunks.pixels)
        }
      }
    }
  }

  /// Merges the moments of `count` channels; chunks are the outer loop, because their sums lie apart.
  private func merge(
    _ partials: UnsafePointer<Float>, _ count: Int, _ chunks: PixelChunks, _ channels: Int,
    means: UnsafeMutablePointer<Double>, squares: UnsafeMutablePointer<Double>
  ) {
    means.initialize(repeating: 0, count: count)
    squares.initialize(repeating: 0, count: count)
    for index in 0..<chunks.count {
      let mean = partials + 3 * index * channels
      let rest = mean + channels
      let pixels = Double(chunks[index].count)
      for place in 0..<count { means[place] += Double(mean[place]) * pixels + Double(rest[place]) }
    }
    for place in 0..<count { means[place] /= Double(max(1, chunks.pixels)) }
    for index in 0..<chunks.count {
      let mean = partials + 3 * index * channels
      let (rest, square) = (mean + channels, mean + 2 * channels)
      let pixels = Double(chunks[index].count)
      for place in 0..<count {
        // Moves the centre of the squares from the chunk's rounded mean to the mean of all.
        let distance = Double(mean[place]) - means[place]
        squares[place] += Double(square[place]) + distance * (2 * Double(rest[place]) + distance * pixels)
      }
    }
  }

  private func record(_ pass: ForwardPass, _ channel: Int, mean: Double, squares: Double, pixels: Int) {
    // Rounding may leave a constant channel a little below 0.
    let squares = max(0, squares)
    let variance = squares / Double(max(1, pixels))
    pass.saved[0].pointer[channel] = Float(mean)
    pass.saved[1].pointer[channel] = Float(1 / (variance + Double(epsilon)).squareRoot())
    if pixels == 0 { return }
    let unbiased = Float(squares / Double(max(1, pixels - 1)))
    let (runningMean, runningVariance) = (pass.parameters[2] + channel, pass.parameters[3] + channel)
    runningMean.pointee = (1 - momentum) * runningMean.pointee + momentum * Float(mean)
    runningVariance.pointee = (1 - momentum) * runningVariance.pointee + momentum * unbiased
  }

  /// Channels whose sums one thread adds up: some cache lines of every partial sum.
  static let channelChunk = 64
}
