import Files

/// Reads PNG and JPEG pictures.
public enum ImageReader {
  /// The picture in the file at `path`, upright, with the channels and the depth that the file holds.
  ///
  /// - Throws: `ImageError`.
  public static func read(
    _ path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> Raster {
    try decode(try contents(of: path, limits: limits), name: path, limits: limits)
  }

  /// The picture in `bytes`; `name` is what errors call it.
  ///
  /// The content says the format, not the name. Palettes and tRNS are expanded, gray of 1, 2 and 4 bits is
  /// scaled to 0…255, CMYK becomes RGB, and EXIF orientation is applied (CIPA DC-008, tag 0x0112; values
  /// outside 1…8 mean nothing). Gamma and color profiles are not applied, as in Pillow and OpenCV.
  ///
  /// - Throws: `ImageError`; a picture that is cut off or damaged anywhere is refused whole.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> Raster {
    switch try ImageFormat.find(bytes, name: name) {
    case .png:
      let decoder = try PNGDecoder(.memory(bytes), name: name, labels: false, limits: limits)
      let stored = Raster(
        width: decoder.layout.width, height: decoder.layout.height, channels: Int(decoder.header.channels),
        samples: try decoder.samples())
      return stored.upright(decoder.layout.orientation)
    case .jpeg:
      let decoder = try JPEGDecoder(.memory(bytes), name: name, limits: limits)
      let stored = Raster(
        width: decoder.width, height: decoder.height, channels: decoder.channels,
        samples: try decoder.samples())
      return stored.upright(decoder.orientation)
    }
  }

  /// The bytes of a picture file, within the limits.
  ///
  /// - Throws: `ImageError.file` or `.tooManyBytes`.
  public static func contents(of path: String, limits: ImageLimits) throws(ImageError) -> [UInt8] {
    do throws(FileError) {
      return try WholeFile.read(path, limit: limits.maxFileBytes)
    } catch {
      throw ImageError(error)
    }
  }
}
