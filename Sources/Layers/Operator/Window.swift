import TensorCore

/// How far one output of an operator looks at its input, for receptive fields (Araujo et al. 2019, "Computing
/// receptive fields of convolutional neural networks", Distill).
///
/// Output `o` looks at `extent` places in a row, the first of which is `o · stride - padding`. Pixel `i` of the input
/// lies at place `i · upsampling`; those between are empty, as in a transposed convolution.
public struct Window: Hashable, Sendable {
  /// Places that one output looks at, as (height, width); `dilation · (kernel - 1) + 1` for a convolution.
  public let extent: Pair
  /// Places from an output to the next.
  public let stride: Pair
  /// Places from an input pixel to the next: 1 except where there are more outputs than inputs.
  public let upsampling: Pair
  /// Places that the first output looks at before the first pixel.
  public let padding: Pair

  /// A window of the given geometry.
  public init(extent: Pair, stride: Pair = 1, upsampling: Pair = 1, padding: Pair = 0) {
    self.extent = extent
    self.stride = stride
    self.upsampling = upsampling
    self.padding = padding
  }

  /// The window of an operator that runs backwards: each input pixel reaches as many outputs as the kernel has taps.
  init(spreading kernel: Pair, stride: Pair, padding: Pair) {
    self.init(
      extent: kernel, upsampling: stride,
      padding: Pair(kernel.height - 1 - padding.height, kernel.width - 1 - padding.width))
  }

  /// The window of an output that sees the whole input.
  init(whole input: Shape) {
    let size = Pair(input.height, input.width)
    self.init(extent: size, stride: size)
  }

  /// A window for each axis.
  init(_ rows: Axis, _ columns: Axis) {
    self.init(
      extent: Pair(rows.extent, columns.extent), stride: Pair(rows.stride, columns.stride),
      upsampling: Pair(rows.upsampling, columns.upsampling), padding: Pair(rows.padding, columns.padding))
  }
}

/// A height and a width, such as a kernel's or a stride's; a whole-number literal stands for both.
public struct Pair: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Along the height.
  public let height: Int
  /// Along the width.
  public let width: Int

  /// A height and a width.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The same for both.
  public init(_ both: Int) { self.init(both, both) }

  /// The same for both.
  public init(integerLiteral value: Int) { self.init(value) }

  /// `3x3`.
  public var description: String { "\(height)x\(width)" }
}
