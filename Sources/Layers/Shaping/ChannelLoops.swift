/// Loops over the contiguous channels of one pixel, or of several pixels without gaps between them.
enum ChannelLoops {
  /// `target = 0`.
  @inline(__always)
  static func zero(_ target: UnsafeMutablePointer<Float>, _ count: Int) {
    target.update(repeating: 0, count: count)
  }

  /// `target = source`, nothing where both are the same memory.
  @inline(__always)
  static func copy(
    _ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if source != target { target.update(from: source, count: count) }
  }

  /// Writes where the sums of a linear layer begin: `target = bias + addend`, as far as there are any. The addend may
  /// be the target.
  @inline(__always)
  static func begin(
    _ target: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?,
    addend: UnsafeMutablePointer<Float>?, _ count: Int
  ) {
    switch (bias, addend) {
    case (nil, nil): zero(target, count)
    case (nil, let addend?): copy(addend, to: target, count)
    case (let bias?, nil): target.update(from: bias, count: count)
    case (let bias?, let addend?): for c in 0..<count { target[c] = bias[c] + addend[c] }
    }
  }

  /// `target = weight · source`.
  @inline(__always)
  static func scale(
    _ source: UnsafeMutablePointer<Float>, by weight: Float, to target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for c in 0..<count { target[c] = weight * source[c] }
  }

  /// `target += weight · source`.
  @inline(__always)
  static func add(
    _ source: UnsafeMutablePointer<Float>, by weight: Float, to target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    for c in 0..<count { target[c] += weight * source[c] }
  }

  /// `target += source`.
  @inline(__always)
  static func add(_ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int)
  {
    for c in 0..<count { target[c] += source[c] }
  }

  /// `target /= divisor`.
  @inline(__always)
  static func divide(_ target: UnsafeMutablePointer<Float>, by divisor: Float, _ count: Int) {
    for c in 0..<count { target[c] /= divisor }
  }

  /// Copies the first `width` pixels of a row of pixels.
  @inline(__always)
  static func copyRow(
    _ source: UnsafeMutablePointer<Float>, stride sourceStride: Int, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int, width: Int, channels: Int
  ) {
    if sourceStride == channels && targetStride == channels {
      ChannelLoops.copy(source, to: target, width * channels)
    } else {
      for x in 0..<width {
        ChannelLoops.copy(source + x &* sourceStride, to: target + x &* targetStride, channels)
      }
    }
  }
}
