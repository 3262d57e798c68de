/// Reads masks: PNG files that hold a class index or an instance number for every pixel.
public enum MaskReader {
  /// The labels in the file at `path`.
  ///
  /// - Throws: `ImageError`.
  public static func read(
    _ path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> LabelImage {
    try decode(try ImageReader.contents(of: path, limits: limits), name: path, limits: limits)
  }

  /// The labels in `bytes`; `name` is what errors call them.
  ///
  /// A palette PNG gives its indices, never its colors; a gray PNG gives its values, those of 1, 2 and 4 bits
  /// unscaled and those of 16 bits whole. An EXIF orientation is applied as it is to the picture.
  ///
  /// - Throws: `ImageError`; pictures in color and JPEG files, which cannot hold labels, are refused.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> LabelImage {
    guard try ImageFormat.find(bytes, name: name) == .png else { throw .lossyMask(name: name) }
    let decoder = try PNGDecoder(.memory(bytes), name: name, labels: true, limits: limits)
    guard decoder.header.channels == 1 else {
      throw .colorMask(name: name, found: decoder.colorType)
    }
    let stored = Raster(
      width: decoder.layout.width, height: decoder.layout.height, channels: 1, samples: try decoder.samples())
    let upright = stored.upright(decoder.layout.orientation)
    let values: [UInt16]
    switch upright.samples {
    case .eight(let samples): values = samples.map(UInt16.init)
    case .sixteen(let samples): values = samples
    }
    return LabelImage(
      width: upright.width, height: upright.height, values: values, palette: decoder.palette)
  }
}
