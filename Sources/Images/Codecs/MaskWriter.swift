import Files

/// Writes masks as 8-bit palette PNG files: the index is the class, the color shows it.
public enum MaskWriter {
  /// The PNG bytes of `mask`; labels beyond the palette get the colors of `Palette.voc`.
  ///
  /// - Throws: `ImageError.cannotEncode` for a mask without pixels or of too many.
  public static func png(_ mask: Mask, palette: Palette = .voc) throws(ImageError) -> [UInt8] {
    try PNGEncoder.encode(mask.labels, form(mask, palette))
  }

  /// Writes the PNG of `mask`, as `png(_:palette:)` gives it.
  ///
  /// - Parameter software: the program that makes it, ASCII, which the file is to tell.
  /// - Throws: `ImageError.cannotEncode` for a mask without pixels or of too many, `.file` for what `sink` throws.
  public static func png(
    _ mask: Mask, palette: Palette = .voc, software: String? = nil, to sink: @escaping ByteSink
  ) throws(ImageError) {
    var form = form(mask, palette)
    form.software = software
    try PNGEncoder.encode(mask.labels, form, to: sink)
  }

  private static func form(_ mask: Mask, _ palette: Palette) -> PNGEncoder.Form {
    let largest = Int(mask.labels.max() ?? 0)
    let colors = (0..<max(largest + 1, palette.colors.count)).map { palette[UInt8(clamping: $0)] }
    return form(width: mask.width, height: mask.height, colors)
  }

  static func form(width: Int, height: Int, _ colors: [Color]) -> PNGEncoder.Form {
    .init(width: width, height: height, colorType: .palette, palette: colors, compression: 6)
  }

  /// Writes `mask` to `path` whole or not at all.
  ///
  /// - Throws: `ImageError`.
  public static func write(
    _ mask: Mask, palette: Palette = .voc, to path: String
  ) throws(ImageError) {
    try PictureWriter.write(bytes: try png(mask, palette: palette), to: path)
  }
}
