/// A picture file that is read from the top, some rows at a time, so that it never is in memory whole.
///
/// Rows are 8-bit RGB by the rules of `Raster.rgb8()`: what `ImageReader` gives for the whole file, as RGB.
public final class ImageRowReader {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Rows that were read.
  public private(set) var row = 0

  private let decoder: any RowDecoder
  private let form: Form
  /// Set for good by the first failure.
  private var failed: ImageError?

  /// What the decoder's samples are.
  private enum Form {
    case rgb, cmyk
    case eight(channels: Int)
    case sixteen(channels: Int)
  }

  /// Opens the file at `path`.
  ///
  /// - Parameter maxMemory: bytes that the decoder may take apart from rows; a progressive JPEG needs all of its
  ///   coefficients.
  /// - Throws: `ImageError`: what is wrong with the file's headers, `notByRows` for an interlaced PNG and for a picture
  ///   that its EXIF tag turns, `notEnoughMemory`.
  public convenience init(
    _ path: String, limits: ImageLimits = .standard, maxMemory: Int = .max
  ) throws(ImageError) {
    try self.init(try ImageFile(path, limits: limits), maxMemory: maxMemory)
  }

  init(_ image: ImageFile, maxMemory: Int) throws(ImageError) {
    let header = image.header
    if let obstacle = header.rowObstacle { throw .notByRows(name: image.path, obstacle: obstacle) }
    (width, height) = (header.width, header.height)
    let failure = CodecFailure(
      format: header.format, name: image.path, bytes: image.bytes, width: width, height: height)
    switch header.format {
    case .png: decoder = try PNGRowDecoder(image.file, failure)
    case .jpeg:
      decoder = try JPEGRowDecoder(image.file, failure, limits: image.limits, maxMemory: maxMemory)
    }
    form =
      switch (decoder.channels, decoder.isWide) {
      case (3, false): .rgb
      case (let channels, true): .sixteen(channels: channels)
      case (let channels, false): header.format == .jpeg && channels == 4 ? .cmyk : .eight(channels: channels)
      }
  }

  /// The next `rows` rows, or those that are left.
  ///
  /// - Throws: `ImageError` when the file is damaged or cut off there, or, with the last rows, behind them; and from then
  ///   on.
  public func next(_ rows: Int) throws(ImageError) -> Raster {
    let rows = min(rows, height - row)
    var samples = [UInt8](repeating: 0, count: 3 * width * rows)
    try samples.withUnsafeMutableBufferPointer { target throws(ImageError) in try read(into: target) }
    return Raster(width: width, height: rows, channels: 3, samples: .eight(samples))
  }

  /// Writes the next rows to `target`, which has room for whole rows of `3 · width` samples and no more than are left.
  ///
  /// - Throws: `ImageError` as `next`.
  public func read(into target: UnsafeMutableBufferPointer<UInt8>) throws(ImageError) {
    let rows = target.count / (3 * width)
    precondition(rows * 3 * width == target.count && rows <= height - row, "rows are whole and there")
    if let failed { throw failed }
    guard rows > 0, let base = target.baseAddress else { return }
    do throws(ImageError) {
      for index in 0..<rows { try decode(into: base + index * 3 * width) }
      row += rows
      if row == height { try decoder.finish() }
    } catch {
      failed = error
      throw error
    }
  }

  private func decode(into target: UnsafeMutablePointer<UInt8>) throws(ImageError) {
    switch form {
    case .rgb: try decoder.readRow(into: target)
    case .cmyk: copy(JPEGDecoder.rgb(invertedCMYK: try samples(4)), to: target)
    case .eight(let channels): convert(.eight(try samples(channels)), channels, to: target)
    case .sixteen(let channels): convert(.sixteen(try samples(channels)), channels, to: target)
    }
  }

  private func samples<Sample: FixedWidthInteger>(_ channels: Int) throws(ImageError) -> [Sample] {
    var samples = [Sample](repeating: 0, count: width * channels)
    try samples.withUnsafeMutableBufferPointer { samples throws(ImageError) in
      if let base = samples.baseAddress { try decoder.readRow(into: base) }
    }
    return samples
  }

  private func convert(
    _ samples: Raster.Samples, _ channels: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    let row = Raster(width: width, height: 1, channels: channels, samples: samples).rgb8()
    if case .eight(let rgb) = row.samples { copy(rgb, to: target) }
  }

  private func copy(_ rgb: [UInt8], to target: UnsafeMutablePointer<UInt8>) {
    rgb.withUnsafeBufferPointer { rgb in
      if let base = rgb.baseAddress { target.update(from: base, count: rgb.count) }
    }
  }
}
