/// The weights with which a row of pixels becomes a row of another length: bilinear interpolation whose
/// triangle grows with the reduction, so that every pixel counts and none is skipped.
///
/// The same sums in the same fixed point as Pillow's BILINEAR, so that networks see what they saw in
/// training.
struct TriangleFilter {
  /// A weight of 1. Products with 8-bit samples stay within 31 bits.
  static let unit = 22

  /// The first pixel that each output takes.
  let first: [Int]
  /// How many it takes.
  let counts: [Int]
  /// The weights of each output, `stride` apart.
  let weights: [Int32]
  /// The most pixels that an output takes.
  let stride: Int

  init(from input: Int, to output: Int) {
    let scale = Double(input) / Double(output)
    let support = max(scale, 1)
    stride = Int(support.rounded(.up)) * 2 + 1
    var first = [Int](repeating: 0, count: output)
    var counts = first
    var weights = [Int32](repeating: 0, count: output * stride)
    var raw = [Double](repeating: 0, count: stride)
    for index in 0..<output {
      let center = (Double(index) + 0.5) * scale
      let low = max(Int(center - support + 0.5), 0)
      let high = min(Int(center + support + 0.5), input)
      var sum = 0.0
      for tap in 0..<high - low {
        let distance = abs((Double(tap + low) - center + 0.5) * (1 / support))
        raw[tap] = distance < 1 ? 1 - distance : 0
        sum += raw[tap]
      }
      for tap in 0..<high - low {
        weights[index * stride + tap] = Int32(raw[tap] / sum * Double(1 << Self.unit) + 0.5)
      }
      first[index] = low
      counts[index] = high - low
    }
    self.first = first
    self.counts = counts
    self.weights = weights
  }
}
