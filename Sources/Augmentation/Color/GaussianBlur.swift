import Foundation
import TensorCore

/// Blurs the picture by a random amount; the mask stays.
public struct GaussianBlur: Transform {
  /// The largest standard deviation in pixels.
  public let deviation: Float

  /// A blur whose standard deviation, in pixels, is drawn from 0…`deviation`.
  public init(deviation: Float) {
    precondition(deviation >= 0, "a deviation is not negative")
    self.deviation = deviation
  }

  /// The blurred sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    Self.blurred(sample, weights: Self.kernel(deviation: Double(random.uniform(in: 0...deviation))))
  }

  /// Half a kernel from its middle on, in 1/65536; middle and twice the others add up to exactly 65536.
  package static func kernel(deviation: Double) -> [Int] {
    let radius = Int((3 * deviation).rounded(.up))
    if radius == 0 { return [65536] }
    let values = (0...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = values[0] + 2 * values[1...].reduce(0, +)
    var weights = values.map { Int(($0 / sum * 65536).rounded()) }
    weights[0] = 65536 - 2 * weights[1...].reduce(0, +)
    return weights
  }

  /// The sample after the kernel along rows and then along columns, reflected at the border.
  ///
  /// Sums run over whole rows, one tap after another, so that both passes read memory in order.
  package static func blurred(_ sample: Sample, weights: [Int]) -> Sample {
    if weights.count == 1 { return sample }
    let (width, height, radius) = (sample.width, sample.height, weights.count - 1)
    let line = width * 3
    let origins = (-radius..<width + radius).map { Reflection.index($0, count: width) * 3 }
    var rows = [UInt8](repeating: 0, count: height * line)
    rows.withUnsafeMutableBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      sample.rgb.withUnsafeBufferPointer { source in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: line + 6 * radius) { padded in
          guard let padded = padded.baseAddress else { return }
          for y in 0..<height {
            for (index, origin) in origins.enumerated() {
              for channel in 0..<3 { padded[index * 3 + channel] = source[y * line + origin + channel] }
            }
            sum(weights, line, into: rows + y * line) { UnsafePointer(padded + 3 * (radius + $0)) }
          }
        }
      }
    }
    var result = [UInt8](repeating: 0, count: height * line)
    result.withUnsafeMutableBufferPointer { result in
      rows.withUnsafeBufferPointer { rows in
        guard let result = result.baseAddress, let rows = rows.baseAddress else { return }
        for y in 0..<height {
          sum(weights, line, into: result + y * line) {
            rows + Reflection.index(y + $0, count: height) * line
          }
        }
      }
    }
    return sample.with(rgb: result)
  }

  /// Writes the sum of lines of `count` samples by their weights; `tap` gives the line at a distance.
  private static func sum(
    _ weights: [Int], _ count: Int, into target: UnsafeMutablePointer<UInt8>,
    _ tap: (_ distance: Int) -> UnsafePointer<UInt8>
  ) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { sums in
      guard let sums = sums.baseAddress else { return }
      let (middle, weight) = (tap(0), Int32(weights[0]))
      for index in 0..<count { sums[index] = (1 << 15) &+ Int32(middle[index]) &* weight }
      for distance in 1..<weights.count {
        let (before, after, weight) = (tap(-distance), tap(distance), Int32(weights[distance]))
        for index in 0..<count {
          sums[index] = sums[index] &+ (Int32(before[index]) &+ Int32(after[index])) &* weight
        }
      }
      for index in 0..<count { target[index] = UInt8(truncatingIfNeeded: sums[index] >> 16) }
    }
  }
}
