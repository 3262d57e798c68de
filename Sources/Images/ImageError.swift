import Files

/// Why a picture or a mask was not read or written.
public enum ImageError: Error, Equatable, CustomStringConvertible {
  /// The file itself was not read or written.
  case file(FileError)
  /// No bytes at all.
  case empty(name: String)
  /// Content that is neither PNG nor JPEG.
  case unknownFormat(name: String, found: FileKind)
  /// A file that ends before its picture does.
  case cutOff(name: String, format: ImageFormat, bytes: Int)
  /// Contents that break the format's rules; `reason` is the decoder's.
  case damaged(name: String, format: ImageFormat, reason: String)
  /// More bytes than the limits.
  case tooManyBytes(path: String, bytes: Int, limit: Int)
  /// A kind of picture that the decoder does not know; `reason` is the decoder's.
  case unsupported(name: String, format: ImageFormat, reason: String)
  /// A JPEG of 12 bits a sample or the like.
  case unsupportedPrecision(name: String, bits: Int)
  /// More pixels than the limits.
  case tooLarge(name: String, width: Int, height: Int, limits: ImageLimits)
  /// Memory ran out, or the picture asked for more than its size explains.
  case notEnoughMemory(name: String, width: Int, height: Int)
  /// A picture that does not come row by row.
  case notByRows(name: String, obstacle: RowObstacle)
  /// A mask in a format that changes labels.
  case lossyMask(name: String)
  /// A mask that holds colors instead of class indices.
  case colorMask(name: String, found: PNGColorType)
  /// Labels that an 8-bit mask cannot hold.
  case labelsTooLarge(name: String, largest: Int, pixels: Int)
  /// A picture that the format cannot hold; `reason` is the encoder's.
  case cannotEncode(format: ImageFormat, width: Int, height: Int, reason: String)
  /// A file name that does not say which format to write.
  case unknownExtension(path: String)

  /// Why a picture's file was not read or written.
  public init(_ error: FileError) {
    self =
      if case .tooLarge(let path, let bytes, let limit) = error {
        .tooManyBytes(path: path, bytes: bytes, limit: limit)
      } else {
        .file(error)
      }
  }

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .file(let error):
      error.description
    case .empty(let name):
      "\(name): expected a PNG or JPEG image, found an empty file; copy or download it again"
    case .unknownFormat(let name, let found):
      "\(name): expected a PNG or JPEG image, found \(found.words); \(found.advice)"
    case .cutOff(let name, let format, let bytes):
      "\(name): expected a whole \(format.rawValue), found it cut off after \(bytes) bytes; "
        + "copy or download it again"
    case .damaged(let name, let format, let reason):
      "\(name): expected a sound \(format.rawValue), found it damaged (\(reason)); copy or download it again"
    case .unsupported(let name, let format, let reason):
      "\(name): expected a \(format.rawValue) of a common kind, found another (\(reason)); "
        + "convert it to an 8-bit PNG"
    case .unsupportedPrecision(let name, let bits):
      "\(name): expected a JPEG of 8 bits a sample, found \(bits)-bit samples; convert it to PNG"
    case .tooLarge(let name, let width, let height, let limits):
      "\(name): expected at most \(limits.maxSide) pixels a side and \(limits.maxPixels) in all, "
        + "found \(width)×\(height); scale it down, cut it into parts, or raise --max-pixels or --max-side"
    case .tooManyBytes(let path, let bytes, let limit):
      "\(path): expected an image file of at most \(limit) bytes, found \(bytes); raise --max-file-size"
    case .notEnoughMemory(let name, let width, let height):
      "\(name): expected memory for \(width)×\(height) pixels, found too little; "
        + "scale it down or save it as a baseline JPEG or a PNG"
    case .notByRows(let name, let obstacle):
      "\(name): expected a picture that can be read row by row, found \(obstacle.words); \(obstacle.advice)"
    case .lossyMask(let name):
      "\(name): expected a PNG mask, found a JPEG, whose compression changes labels; "
        + "export the masks as PNG from their source"
    case .colorMask(let name, let found):
      "\(name): expected class indices (a palette or gray PNG), found \(found.words); "
        + "convert its colors to class indices and save them as a palette or gray PNG"
    case .labelsTooLarge(let name, let largest, let pixels):
      "\(name): expected labels 0…255, found up to \(largest) in \(pixels) pixels; "
        + "map them to class indices first"
    case .cannotEncode(let format, let width, let height, let reason):
      "output: expected a picture that a \(format.rawValue) can hold, found \(width)×\(height) (\(reason)); "
        + "choose another size or format"
    case .unknownExtension(let path):
      "\(path): expected a name ending in .png, .jpg or .jpeg, found another; rename the output"
    }
  }
}
