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

  /// Bytes that decoding the pixels takes at most, apart from those of the file.
  public let decodingBytes: Int
  /// Why the picture cannot be read row by row; `nil` where it can.
  public let rowObstacle: RowObstacle?
  /// Bytes that a JPEG of several scans keeps until its end, whichever way it is read; 0 for others.
  public let coefficientBytes: Int
  /// Bytes that reading it row by row takes at most, apart from the rows.
  public let rowReadingBytes: Int

  /// The header of `bytes`; `name` is what errors call them. Of a PNG all chunks are walked, so that a file that was
  /// cut off is found; pixels are not decoded.
  ///
  /// - Throws: `ImageError`.
  public init(_ bytes: [UInt8], name: String, limits: ImageLimits = .standard) throws(ImageError) {
    try self.init(.memory(bytes), name: name, limits: limits)
  }

  /// The first bytes of a file, which say what it is.
  private static let beginning = 0..<512

  /// The header of what is in memory or in a file, of which only headers are read.
  init(_ source: ImageSource, name: String, limits: ImageLimits) throws(ImageError) {
    let orientation: Orientation
    let stored: (width: Int, height: Int)
    let pixelBytes: Int
    let isInterlaced: Bool
    format = try ImageFormat.find(try source.part(Self.beginning), name: name)
    switch format {
    case .png:
      let decoder = try PNGDecoder(source, name: name, labels: true, limits: limits)
      orientation = decoder.layout.orientation
      stored = (decoder.layout.width, decoder.layout.height)
      colorType = decoder.colorType
      pixelBytes = decoder.header.bit_depth == 16 ? 8 : decoder.colorType == .gray ? 2 : 4
      (coefficientBytes, isInterlaced) = (0, decoder.header.interlaced != 0)
    case .jpeg:
      let decoder = try JPEGDecoder(source, name: name, limits: limits)
      orientation = decoder.orientation
      stored = (decoder.width, decoder.height)
      colorType = nil
      pixelBytes = decoder.channels
      (coefficientBytes, isInterlaced) = (decoder.coefficientBytes, false)
    }
    // A picture that is turned is there twice; the coefficients of a progressive one are gone by then.
    let pixels = stored.width * stored.height * pixelBytes
    decodingBytes = pixels + max(coefficientBytes, orientation == .upright ? 0 : pixels)
    let isSideways = orientation.rawValue >= 5
    width = isSideways ? stored.height : stored.width
    height = isSideways ? stored.width : stored.height
    rowObstacle = orientation != .upright ? .turned : isInterlaced ? .interlaced : nil
    // A few rows of blocks in libjpeg and of filtered bytes in libpng.
    rowReadingBytes = 1 << 20 + 128 * stored.width + coefficientBytes
  }
}

/// Why a picture does not come row by row from the top.
public enum RowObstacle: Sendable, Equatable {
  /// A PNG whose rows come in seven passes.
  case interlaced
  /// A picture that its EXIF tag turns or mirrors.
  case turned

  /// As a message names it.
  public var words: String {
    switch self {
    case .interlaced: "an interlaced PNG"
    case .turned: "one that its EXIF orientation turns"
    }
  }

  /// What makes it such a picture.
  public var advice: String {
    switch self {
    case .interlaced: "save it without interlacing"
    case .turned: "save it upright, without the tag"
    }
  }
}
