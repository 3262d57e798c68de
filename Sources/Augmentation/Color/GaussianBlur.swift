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
  package static func blurred(_ sample: Sample, weights: [Int]) -> Sample {
    if weights.count == 1 { return sample }
    let rows = filtered(
      sample.rgb, lines: sample.height, line: sample.width * 3, count: sample.width, step: 3, weights)
    let both = filtered(
      rows, lines: sample.width, line: 3, count: sample.height, step: sample.width * 3, weights)
    return sample.with(rgb: both)
  }

  /// Filters `lines` lines of `count` pixels each, `step` samples from pixel to pixel, all three channels.
  private static func filtered(
    _ rgb: [UInt8], lines: Int, line: Int, count: Int, step: Int, _ weights: [Int]
  ) -> [UInt8] {
    let radius = weights.count - 1
    let places = (-radius..<count + radius).map { Reflection.index($0, count: count) * step }
    var result = rgb
    rgb.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for start in stride(from: 0, to: lines * line, by: line) {
          for pixel in 0..<count {
            let middle = pixel + radius
            for base in start..<start + 3 {
              var sum = (1 << 15) + Int(source[base + places[middle]]) * weights[0]
              for distance in 1...radius {
                sum +=
                  weights[distance]
                  * (Int(source[base + places[middle - distance]])
                    + Int(source[base + places[middle + distance]]))
              }
              target[base + pixel * step] = UInt8(sum >> 16)
            }
          }
        }
      }
    }
    return result
  }
}
