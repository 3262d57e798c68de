import CImageCodecs
import Files

/// Writes pictures as PNG or JPEG.
public enum PictureWriter {
  /// The PNG bytes of `raster`, with its channels and its depth.
  ///
  /// - Throws: `ImageError.cannotEncode` for a picture without pixels or of too many.
  public static func png(_ raster: Raster) throws(ImageError) -> [UInt8] {
    let colorTypes: [PNGColorType] = [.gray, .grayAlpha, .rgb, .rgba]
    let colorType = colorTypes[raster.channels - 1]
    // Level 4 takes a third of the time of level 6 for some 3% more bytes on photographs.
    func encode<Sample: FixedWidthInteger>(_ samples: [Sample]) throws(ImageError) -> [UInt8] {
      try PNGEncoder.encode(
        samples, width: raster.width, height: raster.height, colorType: colorType, compression: 4)
    }
    switch raster.samples {
    case .eight(let samples):
      return try encode(samples)
    case .sixteen(let samples):
      return try encode(samples)
    }
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
