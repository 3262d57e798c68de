import CImageCodecs
import Files

/// Writes pictures as PNG or JPEG.
public enum PictureWriter {
  /// The PNG bytes of `raster`, with its channels and its depth.
  ///
  /// - Throws: `ImageError.cannotEncode` for a picture without pixels or of too many.
  public static func png(_ raster: Raster) throws(ImageError) -> [UInt8] {
    let form = form(width: raster.width, height: raster.height, channels: raster.channels)
    switch raster.samples {
    case .eight(let samples):
      return try PNGEncoder.encode(samples, form)
    case .sixteen(let samples):
      return try PNGEncoder.encode(samples, form)
    }
  }

  /// Writes a PNG of a picture that is made while it is written, of 8 or 16 bits a sample as `Sample` has, so that a
  /// large one is never whole in memory.
  ///
  /// - Parameters:
  ///   - channels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
  ///   - software: the program that makes it, ASCII, which the file is to tell.
  ///   - row: writes the `width · channels` samples of row `y`; called once for each row, from the top.
  /// - Throws: `ImageError.cannotEncode` for a picture without pixels or of too many, `.file` for what `sink` throws.
  public static func png<Sample: FixedWidthInteger & UnsignedInteger>(
    width: Int, height: Int, channels: Int, software: String? = nil, to sink: @escaping ByteSink,
    row: (_ y: Int, _ samples: UnsafeMutableBufferPointer<Sample>) -> Void
  ) throws(ImageError) {
    precondition((1...4).contains(channels) && (Sample.bitWidth == 8 || Sample.bitWidth == 16))
    var form = form(width: width, height: height, channels: channels)
    form.software = software
    try PNGEncoder.encode(form, to: sink, row: row)
  }

  static func form(width: Int, height: Int, channels: Int) -> PNGEncoder.Form {
    let colorTypes: [PNGColorType] = [.gray, .grayAlpha, .rgb, .rgba]
    // Level 4 takes a third of the time of level 6 for some 3% more bytes on photographs.
    return .init(width: width, height: height, colorType: colorTypes[channels - 1], compression: 4)
  }

  /// The JPEG bytes of `raster`, gray or RGB with 8 bits a sample; anything else goes through
  /// `Raster.rgb8()`.
  ///
  /// - Parameter quality: 1…100, clamped.
  /// - Throws: `ImageError.cannotEncode` for a picture without pixels or beyond 65500 a side.
  public static func jpeg(_ raster: Raster, quality: Int = 92) throws(ImageError) -> [UInt8] {
    let picture = raster.channels == 1 ? raster.eightBit() : raster.rgb8()
    guard case .eight(let samples) = picture.samples, let width = UInt32(exactly: picture.width),
      let height = UInt32(exactly: picture.height)
    else {
      throw .cannotEncode(
        format: .jpeg, width: picture.width, height: picture.height, reason: "too many pixels a side")
    }
    var out = tessera_bytes()
    defer { tessera_bytes_free(&out) }
    let (status, text) = CodecMessage.collect { message in
      tessera_jpeg_write(
        samples, width, height, Int32(picture.channels), Int32(min(max(quality, 1), 100)), &out, message)
    }
    guard status == TESSERA_CODEC_OK.rawValue else {
      throw .cannotEncode(format: .jpeg, width: picture.width, height: picture.height, reason: text)
    }
    return [UInt8](UnsafeBufferPointer(start: out.data, count: out.count))
  }

  /// Writes `raster` to `path` whole or not at all, in the format of the name's ending.
  ///
  /// - Throws: `ImageError`.
  public static func write(
    _ raster: Raster, to path: String, quality: Int = 92
  ) throws(ImageError) {
    let lowered = path.lowercased()
    if lowered.hasSuffix(".png") {
      try write(bytes: try png(raster), to: path)
    } else if lowered.hasSuffix(".jpg") || lowered.hasSuffix(".jpeg") {
      try write(bytes: try jpeg(raster, quality: quality), to: path)
    } else {
      throw .unknownExtension(path: path)
    }
  }

  /// Writes finished bytes.
  static func write(bytes: [UInt8], to path: String) throws(ImageError) {
    do throws(FileError) {
      try DurableFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }
}
