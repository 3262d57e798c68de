/// One axis of a resize: where each new pixel lies among the old ones, pixel centres at half numbers.
///
/// PyTorch's `align_corners=False`. Shrinking reads the two nearest pixels and does not average more.
struct Resampling {
  /// The old pixel at or before each new one.
  let first: [Int]
  /// The old pixel after it, the same at the border.
  let second: [Int]
  /// The share of `second` in 1/2048.
  let weight: [Int32]
  /// The old pixel whose area holds the new one's centre, for labels.
  let nearest: [Int]

  /// Bits of a weight: two axes of 11 and a sample of 8 fit in 30.
  static let bits = 11

  /// Maps `target` new pixels onto the `length` old ones that start at `offset`.
  init(offset: Int = 0, length: Int, target: Int) {
    var first: [Int] = []
    var second: [Int] = []
    var weight: [Int32] = []
    var nearest: [Int] = []
    let step = Double(length) / Double(target)
    for index in 0..<target {
      let center = (Double(index) + 0.5) * step
      let place = min(max(center - 0.5, 0), Double(length - 1))
      let before = Int(place)
      first.append(offset + before)
      second.append(offset + min(before + 1, length - 1))
      weight.append(Int32(((place - Double(before)) * Double(1 << Self.bits)).rounded()))
      nearest.append(offset + min(Int(center), length - 1))
    }
    (self.first, self.second, self.weight, self.nearest) = (first, second, weight, nearest)
  }

  /// Calls `body` with the old pixels around each new one, and the share of the second.
  fileprivate func withUnsafePlaces(
    _ body: (UnsafePointer<Int>, UnsafePointer<Int>, UnsafePointer<Int32>) -> Void
  ) {
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        weight.withUnsafeBufferPointer { weight in
          guard let first = first.baseAddress, let second = second.baseAddress,
            let weight = weight.baseAddress
          else { return }
          body(first, second, weight)
        }
      }
    }
  }
}

extension Sample {
  /// The picture between its nearest pixels (bilinear) and the mask's nearest label, on a new grid.
  func resampled(_ columns: Resampling, _ rows: Resampling) -> Sample {
    let width = columns.first.count
    let height = rows.first.count
    let rgb = rgb
    let old = self.width
    let whole = Int32(1 << Resampling.bits)
    let picture = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
      rgb.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        columns.withUnsafePlaces { left, right, weights in
          for row in 0..<height {
            let upper = source + rows.first[row] * old * 3
            let lower = source + rows.second[row] * old * 3
            let below = rows.weight[row]
            let above = whole - below
            let line = target + row * width * 3
            for column in 0..<width {
              let (first, second, after) = (left[column] * 3, right[column] * 3, weights[column])
              let before = whole - after
              for channel in 0..<3 {
                let top =
                  Int32(upper[first + channel]) &* before &+ Int32(upper[second + channel]) &* after
                let bottom =
                  Int32(lower[first + channel]) &* before &+ Int32(lower[second + channel]) &* after
                let sum = top &* above &+ bottom &* below &+ (1 << (2 * Int32(Resampling.bits) - 1))
                line[column * 3 + channel] = UInt8(truncatingIfNeeded: sum >> (2 * Int32(Resampling.bits)))
              }
            }
          }
        }
      }
      count = width * height * 3
    }
    return moved(width: width, height: height, rgb: picture) { labels in
      var mask = [UInt8](repeating: 0, count: width * height)
      for row in 0..<height {
        let source = rows.nearest[row] * old
        for column in 0..<width {
          mask[row * width + column] = labels[source + columns.nearest[column]]
        }
      }
      return mask
    }
  }
}
