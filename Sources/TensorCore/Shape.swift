/// The extents of a tensor, outermost first.
///
/// Activations are `[N, H, W, C]` (batch, height, width, channels); parameters keep PyTorch's shapes, a
/// convolution's weight being `[O, I, KH, KW]`.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// One extent for each axis, outermost first; none is negative.
  public let extents: [Int]

  /// A shape of the given extents; a negative extent is a caller's bug.
  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "a shape has no negative extent")
    self.extents = extents
  }

  /// A shape written as a literal, `[1, 224, 224, 3]`.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// An activation's shape, `[N, H, W, C]`.
  public init(batch: Int, height: Int, width: Int, channels: Int) {
    self.init([batch, height, width, channels])
  }

  /// The number of axes.
  public var rank: Int { extents.count }

  /// The number of elements; 1 for a scalar.
  public var count: Int { extents.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// `[2, 64, 64, 3]`.
  public var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }
}

extension Shape {
  /// N of an activation `[N, H, W, C]`.
  public var batch: Int { extents[0] }
  /// H of an activation `[N, H, W, C]`, in pixels.
  public var height: Int { extents[1] }
  /// W of an activation `[N, H, W, C]`, in pixels.
  public var width: Int { extents[2] }
  /// C of an activation `[N, H, W, C]`.
  public var channels: Int { extents[3] }
  /// N·H·W of an activation.
  public var pixels: Int { extents[0] * extents[1] * extents[2] }

  /// The same activation shape with other channels.
  public func with(channels: Int) -> Shape { [batch, height, width, channels] }
  /// The same activation shape with another number of images.
  public func with(batch: Int) -> Shape { [batch, height, width, channels] }
  /// The same activation shape with another height and width.
  public func with(height: Int, width: Int) -> Shape { [batch, height, width, channels] }

  /// `count`, or `nil` when the product does not fit in an `Int`: for shapes that come from a file.
  public static func checkedCount(_ extents: [Int]) -> Int? {
    var product = 1
    for extent in extents {
      let (value, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      product = value
    }
    return product
  }
}
