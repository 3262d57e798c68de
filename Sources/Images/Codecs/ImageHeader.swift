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

  /// Bytes that decoding the pixels takes at most, apart from those of the file; of a progressive JPEG it is more.
  public let decodingBytes: Int

  /// The header of `bytes`; `name` is what errors call them. Of a PNG all chunks are walked, so that a file that was
  /// cut off is found; pixels are not decoded.
  ///
  /// - Throws: `ImageError`.
  public init(_ bytes: [UInt8], name: String, limits: ImageLimits = .standard) throws(ImageError) {
    let orientation: Orientation
    let stored: (width: Int, height: Int)
    let pixelBytes: Int
    format = try ImageFormat.find(bytes, name: name)
    switch format {
    case .png:
      let decoder = try PNGDecoder(bytes, name: name, labels: true, limits: limits)
      orientation = decoder.layout.orientation
      stored = (decoder.layout.width, decoder.layout.height)
      colorType = decoder.colorType
      pixelBytes = decoder.header.bit_depth == 16 ? 8 : decoder.colorType == .gray ? 2 : 4
    case .jpeg:
      let decoder = try JPEGDecoder(bytes, name: name, limits: limits)
      orientation = decoder.orientation
      stored = (decoder.width, decoder.height)
      colorType = nil
      pixelBytes = decoder.channels
    }
    // A picture that is turned is there twice.
    decodingBytes = stored.width * stored.height * pixelBytes * (orientation == .upright ? 1 : 2)
    let isSideways = orientation.rawValue >= 5
    width = isSideways ? stored.height : stored.width
    height = isSideways ? stored.width : stored.height
  }
}
