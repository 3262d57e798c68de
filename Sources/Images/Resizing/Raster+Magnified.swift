extension Raster {
  /// The picture with each pixel as a square of `factor` × `factor`, so that single pixels can be seen.
  public func magnified(by factor: Int) -> Raster {
    precondition(factor > 0, "a pixel keeps a size")
    if factor == 1 { return self }
    switch samples {
    case .eight(let samples): return magnified(samples, factor, Samples.eight)
    case .sixteen(let samples): return magnified(samples, factor, Samples.sixteen)
    }
  }

  private func magnified<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ factor: Int, _ wrap: ([Sample]) -> Samples
  ) -> Raster {
    var result: [Sample] = []
    result.reserveCapacity(samples.count * factor * factor)
    for y in 0..<height {
      var row: [Sample] = []
      row.reserveCapacity(width * channels * factor)
      for x in 0..<width {
        let pixel = samples[(y * width + x) * channels..<(y * width + x + 1) * channels]
        for _ in 0..<factor { row += pixel }
      }
      for _ in 0..<factor { result += row }
    }
    return Raster(width: width * factor, height: height * factor, channels: channels, samples: wrap(result))
  }
}
