import Foundation
import TensorCore

/// An input on its way up: a normalised image that is moved, blurred and drawn to the mean between its steps.
struct Ascent {
  /// The image, `[1, H, W, C]`.
  private(set) var input: Tensor
  private let settings: MaximizationSettings
  private let range: [ClosedRange<Float>]
  private var stream: RandomStream
  /// The image that raised the channel the most, and by how much.
  private var best: (input: Tensor, worth: Double)?

  /// Noise around the mean colour.
  ///
  /// - Parameters:
  ///   - channel: another number gives other noise.
  ///   - range: the values of black and white in each channel.
  init(shape: Shape, settings: MaximizationSettings, channel: Int, range: [ClosedRange<Float>]) {
    (self.settings, self.range) = (settings, range)
    stream = RandomStream(keys: settings.seed, UInt64(bitPattern: Int64(channel)))
    input = Tensor(zeros: shape)
    var stream = stream
    input.withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] = stream.normal() * settings.noise }
    }
    self.stream = stream
    clip()
  }

  /// The image at another size.
  mutating func grow(to shape: Shape) {
    guard shape != input.shape else { return }
    var grown = Tensor(zeros: shape)
    for channel in 0..<shape.channels {
      let map = ValueMap(input, channel: channel).resampled(rows: shape.height, columns: shape.width)
      grown.withUnsafeMutableElements { elements in
        for pixel in map.values.indices { elements[pixel * shape.channels + channel] = map.values[pixel] }
      }
    }
    input = grown
  }

  /// The image moved by some pixels, round its border, and by how many.
  mutating func jittered() -> (input: Tensor, shift: (Int, Int)) {
    let most = min(settings.jitter, min(input.shape.height, input.shape.width) - 1)
    guard most > 0 else { return (input, (0, 0)) }
    let shift = (stream.below(2 * most + 1) - most, stream.below(2 * most + 1) - most)
    return (Self.rolled(input, shift.0, shift.1), shift)
  }

  /// Goes along the gradient of the moved image; at the end in small steps, by what raises the channel alone.
  mutating func step(along gradient: Tensor, shift: (Int, Int), isEnd: Bool, blurs: Bool) {
    let gradient = Self.rolled(gradient, -shift.0, -shift.1)
    let (rate, decay) = isEnd ? (settings.rate / 5, 0) : (settings.rate, settings.decay)
    gradient.withUnsafeElements { gradient in
      let mean = gradient.reduce(0.0) { $0 + Double(abs($1)) } / Double(max(1, gradient.count))
      guard mean > 0, mean.isFinite else { return }
      input.withUnsafeMutableElements { elements in
        for index in elements.indices {
          elements[index] = elements[index] * (1 - decay) + rate * Float(Double(gradient[index]) / mean)
        }
      }
    }
    if blurs && settings.blur > 0 { blur(settings.blur) }
    clip()
  }

  /// Keeps the image as it is if it raises the channel more than those before.
  mutating func keep(worth: Double) {
    if worth > best?.worth ?? -.infinity { best = (input, worth) }
  }

  /// Takes the best image that was kept.
  mutating func takeBest() {
    if let best { input = best.input }
  }

  private mutating func clip() {
    let (range, channels) = (range, input.shape.channels)
    input.withUnsafeMutableElements { elements in
      for index in elements.indices {
        let bounds = range[index % channels]
        elements[index] = min(max(elements[index], bounds.lowerBound), bounds.upperBound)
      }
    }
  }

  private static func rolled(_ tensor: Tensor, _ down: Int, _ across: Int) -> Tensor {
    let shape = tensor.shape
    var result = Tensor(zeros: shape)
    tensor.withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        for row in 0..<shape.height {
          let from = ((row - down) % shape.height + shape.height) % shape.height * shape.width
          for column in 0..<shape.width {
            let place =
              (from + ((column - across) % shape.width + shape.width) % shape.width) * shape.channels
            for channel in 0..<shape.channels {
              target[(row * shape.width + column) * shape.channels + channel] = source[place + channel]
            }
          }
        }
      }
    }
    return result
  }

  /// Convolves with a normal curve along both axes; beyond the border its pixels go on.
  private mutating func blur(_ deviation: Float) {
    let reach = max(1, Int((3 * deviation).rounded(.up)))
    let raw = (-reach...reach).map { exp(-Double($0 * $0) / Double(2 * deviation * deviation)) }
    let sum = raw.reduce(0, +)
    let taps = raw.map { Float($0 / sum) }
    for isVertical in [false, true] { input = Self.filtered(input, taps, isVertical) }
  }

  private static func filtered(_ tensor: Tensor, _ taps: [Float], _ isVertical: Bool) -> Tensor {
    let shape = tensor.shape
    let reach = taps.count / 2
    var result = Tensor(zeros: shape)
    tensor.withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        for row in 0..<shape.height {
          for column in 0..<shape.width {
            for channel in 0..<shape.channels {
              var sum: Float = 0
              for (index, tap) in taps.enumerated() {
                let y = isVertical ? min(max(row + index - reach, 0), shape.height - 1) : row
                let x = isVertical ? column : min(max(column + index - reach, 0), shape.width - 1)
                sum += tap * source[(y * shape.width + x) * shape.channels + channel]
              }
              target[(row * shape.width + column) * shape.channels + channel] = sum
            }
          }
        }
      }
    }
    return result
  }
}
