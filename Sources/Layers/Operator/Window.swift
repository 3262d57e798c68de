/// How far one output of an operator looks at its input, for receptive fields (Araujo et al. 2019, "Computing
/// receptive fields of convolutional neural networks", Distill).
public struct Window: Hashable, Sendable {
  /// Input pixels that one output sees, `dilation · (kernel - 1) + 1`, as (height, width).
  public let extent: Pair
  /// Input pixels from an output to the next; for an upsampling operator, `1 / stride` is `upsampling`.
  public let stride: Pair
  /// Outputs for each input pixel: 1 except for transposed convolution, unpooling and resizing.
  public let upsampling: Pair
  /// Input pixels that the first output reaches beyond the border.
  public let padding: Pair

  /// A window of the given geometry.
  public init(extent: Pair, stride: Pair = 1, upsampling: Pair = 1, padding: Pair = 0) {
    self.extent = extent
    self.stride = stride
    self.upsampling = upsampling
    self.padding = padding
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
