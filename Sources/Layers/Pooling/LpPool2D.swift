import Foundation
import TensorCore

/// The p-norm of every window, as PyTorch's `LPPool2d`: `(Σ xᵖ)^(1/p)`.
///
/// `[N, H, W, C]` gives `[N, H', W', C]`. As there, powers keep signs: an odd p is for inputs that are not negative,
/// as those behind a ReLU; a negative sum has no root and gives NaN, but for p = 1, which is the sum.
public struct LpPool2D: Operator {
  let geometry: PoolingGeometry

  /// p, 1 to 64.
  public let power: Int
  /// Rows and columns of a window, each 1 to 65536.
  public var kernel: Pair { geometry.kernel }
  /// Pixels from a window to the next, each 1 to 65536.
  public var stride: Pair { geometry.stride }

  /// A pooling by the norm of `power`; windows do not overlap unless there is a `stride`.
  public init(power: Int, kernel: Pair, stride: Pair? = nil) {
    geometry = PoolingGeometry(kernel: kernel, stride: stride ?? kernel, padding: 0)
    self.power = power
  }

  /// `lp_pool2d`.
  public var label: String { "lp_pool2d" }

  /// The window of the settings.
  public func window(for inputs: [Shape]) -> Window? { geometry.window }

  /// `[N, H', W', C]`.
  ///
  /// - Throws: `LayerError` unless there is one input, large enough, and all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    guard (1...64).contains(power) else {
      throw .setting(operator: label, name: "power", expected: "from 1 to 64", found: power)
    }
    let size = try geometry.outputSize(of: inputs[0], label)
    return [inputs[0].with(height: size.height, width: size.width)]
  }

  /// Inputs and outputs: `∂y/∂x = (x / y)^(p-1)`.
  public var backwardReads: BackwardReads { [.inputs, .outputs] }

  /// Adds up the powers of every window from its top left to its bottom right, and takes the root.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let rows = geometry.rows(of: input.shape)
    let columns = geometry.columns(of: input.shape)
    let channels = input.channels
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let line = output.pixel(image, row, 0)
      for x in 0..<columns.outputs {
        let pixel = line + x &* output.pixelStride
        ChannelLoops.zero(pixel, channels)
        for tap in rows.taps(row) {
          let source = input.pixel(image, rows.input(row, tap), 0)
          for other in columns.taps(x) {
            let place = source + columns.input(x, other) &* input.pixelStride
            for c in 0..<channels { pixel[c] += raised(place[c], power) }
          }
        }
        takeRoot(pixel, channels)
      }
    }
  }

  /// Adds to every pixel what the windows over it send, in their order; 0 from a window whose norm is 0.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let rows = geometry.rows(of: target.shape)
    let columns = geometry.columns(of: target.shape)
    let (width, channels) = (target.shape.width, target.channels)
    pass.pool.forEachImageRow(of: target.shape) { image, row in
      let (line, source) = (target.pixel(image, row, 0), input.pixel(image, row, 0))
      for x in 0..<width {
        let (pixel, place) = (line + x &* target.pixelStride, source + x &* input.pixelStride)
        ChannelLoops.zero(pixel, channels)
        for windowRow in rows.windows(over: row) {
          let (flowLine, normLine) = (gradient.pixel(image, windowRow, 0), output.pixel(image, windowRow, 0))
          for window in columns.windows(over: x) {
            let flow = flowLine + window &* gradient.pixelStride
            let norm = normLine + window &* output.pixelStride
            for c in 0..<channels where power == 1 || norm[c] != 0 {
              pixel[c] += power == 1 ? flow[c] : flow[c] * raised(place[c] / norm[c], power - 1)
            }
          }
        }
      }
    }
  }

  /// `value` to a whole power, by squaring.
  @inline(__always)
  private func raised(_ value: Float, _ exponent: Int) -> Float {
    if exponent == 2 { return value * value }
    var (result, square, rest): (Float, Float, Int) = (1, value, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

  private func takeRoot(_ sums: UnsafeMutablePointer<Float>, _ count: Int) {
    switch power {
    case 1: break
    case 2: for c in 0..<count { sums[c].formSquareRoot() }
    default: for c in 0..<count { sums[c] = pow(sums[c], 1 / Float(power)) }
    }
  }
}
