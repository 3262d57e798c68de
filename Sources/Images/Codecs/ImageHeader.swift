/// What a picture file says of itself before its pixels are read.
public struct ImageHeader: Sendable, Equatable {
  /// The file's format.
  public let format: ImageFormat
  /// Width of the upright picture in pixels.
  public let width: Int
  /// Height of the upright picture in pixels.
  public let height: Int
  /// How a PNG stores a pixel; `nil` for a JPEG.
  public let colorType: PNGColorType?

  /// The header of `bytes`; `name` is what errors call them. Of a PNG all chunks are walked, so that a file that was
  /// cut off is found; pixels are not decoded.
  ///
  /// - Throws: `ImageError`.
  public init(_ bytes: [UInt8], name: String, limits: ImageLimits = .standard) throws(ImageError) {
    let orientation: Orientation
    let stored: (width: Int, height: Int)
    format = try ImageFormat.find(bytes, name: name)
    switch format {
    case .png:
      let decoder = try PNGDecoder(bytes, name: name, labels: true, limits: limits)
      orientation = decoder.layout.orientation
      stored = (decoder.layout.width, decoder.layout.height)
      colorType = decoder.colorType
    case .jpeg:
      let decoder = try JPEGDecoder(bytes, name: name, limits: limits)
      orientation = decoder.orientation
      stored = (decoder.width, decoder.height)
      colorType = nil
    }
    let isSideways = orientation.rawValue >= 5
    width = isSideways ? stored.height : stored.width
    height = isSideways ? stored.width : stored.height
  }
}
