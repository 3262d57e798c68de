import CImageCodecs

/// Samples to PNG bytes, through libpng.
enum PNGEncoder {
  /// Pixels of the given kind, 8 or 16 bits a sample as the type of `samples` says.
  static func encode<Sample: FixedWidthInteger>(
    _ samples: [Sample], width: Int, height: Int, colorType: PNGColorType, palette: [Color] = [],
    compression: Int
  ) throws(ImageError) -> [UInt8] {
    guard let pixelsAcross = UInt32(exactly: width), let pixelsDown = UInt32(exactly: height) else {
      throw .cannotEncode(format: .png, width: width, height: height, reason: "too many pixels a side")
    }
    let entries = palette.flatMap { [$0.red, $0.green, $0.blue] }
    var out = tessera_bytes()
    defer { tessera_bytes_free(&out) }
    let (status, text) = samples.withUnsafeBytes { samples in
      entries.withUnsafeBufferPointer { entries in
        var picture = tessera_png_picture(
          width: pixelsAcross, height: pixelsDown, color_type: Int32(colorType.rawValue),
          bit_depth: Int32(Sample.bitWidth), samples: samples.baseAddress, palette: entries.baseAddress,
          palette_count: Int32(palette.count), compression: Int32(compression))
        return CodecMessage.collect { message in tessera_png_write(&picture, &out, message) }
      }
    }
    guard status == TESSERA_CODEC_OK.rawValue else {
      throw .cannotEncode(format: .png, width: width, height: height, reason: text)
    }
    return [UInt8](UnsafeBufferPointer(start: out.data, count: out.count))
  }
}
