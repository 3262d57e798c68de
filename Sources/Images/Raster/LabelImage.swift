/// The values of a mask file before a dataset maps them to classes.
public struct LabelImage: Sendable, Equatable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Palette indices or gray values, rows from the top; `height · width` of them.
  public var values: [UInt16]
  /// The palette of the file, of a palette PNG.
  public var palette: [Color]?

  /// An image of the given values, as many as the size asks for.
  public init(width: Int, height: Int, values: [UInt16], palette: [Color]? = nil) {
    precondition(values.count == width * height)
    self.width = width
    self.height = height
    self.values = values
    self.palette = palette
  }

  /// The values as label indices, unchanged; `name` is what an error calls the image.
  ///
  /// - Throws: `ImageError.labelsTooLarge` when a value is over 255.
  public func mask(name: String) throws(ImageError) -> Mask {
    let largest = values.max() ?? 0
    guard largest <= 255 else {
      throw .labelsTooLarge(name: name, largest: Int(largest), pixels: values.count { $0 > 255 })
    }
    return Mask(width: width, height: height, labels: values.map { UInt8(truncatingIfNeeded: $0) })
  }
}
