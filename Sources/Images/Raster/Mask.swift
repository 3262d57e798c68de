/// A class for every pixel.
public struct Mask: Sendable, Equatable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Label indices, rows from the top; `height · width` of them.
  public var labels: [UInt8]

  /// A mask of the given labels, as many as the size asks for.
  public init(width: Int, height: Int, labels: [UInt8]) {
    precondition(labels.count == width * height)
    self.width = width
    self.height = height
    self.labels = labels
  }

  /// The label of the pixel at (`x`, `y`).
  public subscript(x: Int, y: Int) -> UInt8 {
    get { labels[y * width + x] }
    set { labels[y * width + x] = newValue }
  }
}
