extension Raster {
  /// The picture at another size, which must not be empty: bilinear, and averaging over all pixels when it
  /// gets smaller.
  ///
  /// For 8 bits a sample the result is that of Pillow's BILINEAR, rows resized before columns. Alpha is one
  /// channel like the others: call `rgb8()` first where colors under transparent pixels must not bleed.
  public func resized(width: Int, height: Int) -> Raster {
    precondition(width > 0 && height > 0 && self.width > 0 && self.height > 0)
    if width == self.width && height == self.height { return self }
    let resized: Samples
    switch samples {
    case .eight(let samples):
      resized = .eight(resize(samples, as: Int32.self, width: width, height: height))
    case .sixteen(let samples):
      resized = .sixteen(resize(samples, as: Int64.self, width: width, height: height))
    }
    return Raster(width: width, height: height, channels: channels, samples: resized)
  }

  /// Rows first, then columns, each rounded to a sample.
  private func resize<Sample: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ samples: [Sample], as sum: Sum.Type, width: Int, height: Int
  ) -> [Sample] {
    var rows = samples
    if width != self.width {
      let filter = TriangleFilter(from: self.width, to: width)
      rows = .init(unsafeUninitializedCapacity: self.height * width * channels) { target, filled in
        samples.withUnsafeBufferPointer { source in
          Self.resizeRows(source, into: target, by: filter, as: sum, (self.height, self.width, channels))
        }
        filled = self.height * width * channels
      }
    }
    if height == self.height { return rows }
    let filter = TriangleFilter(from: self.height, to: height)
    return .init(unsafeUninitializedCapacity: height * width * channels) { target, filled in
      rows.withUnsafeBufferPointer { source in
        Self.resizeColumns(source, into: target, by: filter, as: sum, rowCount: width * channels)
      }
      filled = height * width * channels
    }
  }

  private static func resizeRows<Sample: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ source: UnsafeBufferPointer<Sample>, into target: UnsafeMutableBufferPointer<Sample>,
    by filter: TriangleFilter, as sum: Sum.Type, _ size: (height: Int, width: Int, channels: Int)
  ) {
    guard let source = source.baseAddress, var output = target.baseAddress else { return }
    let channels = size.channels
    filter.weights.withUnsafeBufferPointer { weights in
      for y in 0..<size.height {
        let row = source + y * size.width * channels
        for x in filter.first.indices {
          let start = row + filter.first[x] * channels
          let taps = UnsafeBufferPointer(
            rebasing: weights[x * filter.stride..<x * filter.stride + filter.counts[x]])
          if channels == 3 {
            resizePixel(start, by: taps, into: output, as: sum)
          } else {
            for channel in 0..<channels {
              resizeSample(start + channel, step: channels, by: taps, into: output + channel, as: sum)
            }
          }
          output += channels
        }
      }
    }
  }

  /// One sample of a row.
  @inline(__always)
  private static func resizeSample<Sample: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ start: UnsafePointer<Sample>, step: Int, by weights: UnsafeBufferPointer<Int32>,
    into output: UnsafeMutablePointer<Sample>, as: Sum.Type
  ) {
    var input = start
    var sum: Sum = 1 << Sum(TriangleFilter.unit - 1)
    for weight in weights {
      sum &+= Sum(truncatingIfNeeded: input.pointee) &* Sum(truncatingIfNeeded: weight)
      input += step
    }
    output.pointee = Sample(clamping: sum >> Sum(TriangleFilter.unit))
  }

  /// Three samples at once, which takes half the time of one after the other.
  @inline(__always)
  private static func resizePixel<Sample: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ start: UnsafePointer<Sample>, by weights: UnsafeBufferPointer<Int32>,
    into output: UnsafeMutablePointer<Sample>, as: Sum.Type
  ) {
    var input = start
    var red: Sum = 1 << Sum(TriangleFilter.unit - 1)
    var green = red
    var blue = red
    for weight in weights {
      let weight = Sum(truncatingIfNeeded: weight)
      red &+= Sum(truncatingIfNeeded: input[0]) &* weight
      green &+= Sum(truncatingIfNeeded: input[1]) &* weight
      blue &+= Sum(truncatingIfNeeded: input[2]) &* weight
      input += 3
    }
    output[0] = Sample(clamping: red >> Sum(TriangleFilter.unit))
    output[1] = Sample(clamping: green >> Sum(TriangleFilter.unit))
    output[2] = Sample(clamping: blue >> Sum(TriangleFilter.unit))
  }

  private static func resizeColumns<Sample: FixedWidthInteger, Sum: FixedWidthInteger>(
    _ source: UnsafeBufferPointer<Sample>, into target: UnsafeMutableBufferPointer<Sample>,
    by filter: TriangleFilter, as: Sum.Type, rowCount: Int
  ) {
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Sum.self, capacity: rowCount) { sums in
      for y in filter.first.indices {
        sums.initialize(repeating: 1 << Sum(TriangleFilter.unit - 1))
        for tap in 0..<filter.counts[y] {
          let weight = Sum(truncatingIfNeeded: filter.weights[y * filter.stride + tap])
          let input = source + (filter.first[y] + tap) * rowCount
          for index in 0..<rowCount { sums[index] &+= Sum(truncatingIfNeeded: input[index]) &* weight }
        }
        let output = target + y * rowCount
        for index in 0..<rowCount {
          output[index] = Sample(clamping: sums[index] >> Sum(TriangleFilter.unit))
        }
      }
    }
  }
}
