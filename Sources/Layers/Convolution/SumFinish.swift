import CKernels

/// The last step of a linear layer: adds the bias to sums, applies the activation, and writes pixels.
struct SumFinish {
  /// One for each channel; `nil` for none.
  let bias: UnsafePointer<Float>?
  let activation: Activation

  /// Writes pixels that lie `pixelStride` elements apart, from sums that lie `step` apart.
  @inline(__always)
  func run(
    _ sums: UnsafePointer<Float>, step: Int, into target: UnsafeMutablePointer<Float>, pixels: Int,
    pixelStride: Int, channels: Int
  ) {
    let lowest: Float = activation == .relu ? 0 : -.infinity
    tsr_finish_sums(pixels, channels, sums, step, bias, lowest, target, pixelStride)
    guard activation != .relu && activation != .identity else { return }
    for pixel in 0..<pixels { activation.apply(target + pixel * pixelStride, channels) }
  }
}
