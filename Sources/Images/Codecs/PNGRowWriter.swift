import Files

/// A PNG file that is written row by row from the top, 8 bits a sample, under a temporary name. What is not finished is
/// removed with this object.
public final class PNGRowWriter {
  /// What pixels are.
  public enum Pixels: Sendable {
    /// A label each, shown in the palette's colours; none may be beyond them.
    case labels(Palette)
    /// Red, green, blue.
    case rgb
    /// Red, green, blue, alpha.
    case rgba
  }

  /// Samples of a row.
  public let samplesPerRow: Int
  /// The file's place.
  public var path: String { file.path }

  private let form: PNGEncoder.Form
  private let file: StagingFile
  private let encoder: PNGEncoder
  private var row = 0

  /// Begins the file for `path`.
  ///
  /// - Parameter software: the program that makes it, ASCII, which the file is to tell.
  /// - Throws: `ImageError.cannotEncode` for a picture without pixels or of too many, `.file` where the file cannot be
  ///   written.
  public init(
    _ path: String, width: Int, height: Int, _ pixels: Pixels, software: String? = nil
  ) throws(ImageError) {
    var form =
      switch pixels {
      case .labels(let palette): MaskWriter.form(width: width, height: height, palette.colors)
      case .rgb: PictureWriter.form(width: width, height: height, channels: 3)
      case .rgba: PictureWriter.form(width: width, height: height, channels: 4)
      }
    form.software = software
    let file: StagingFile
    do throws(FileError) { file = try StagingFile(path) } catch { throw .file(error) }
    encoder = try PNGEncoder(form) { part throws(FileError) in try file.write(part) }
    (self.form, self.file, samplesPerRow) = (form, file, form.samples)
  }

  /// Writes the next row, `samplesPerRow` samples.
  ///
  /// - Throws: `ImageError`; then the file is given up.
  public func write(_ samples: UnsafeBufferPointer<UInt8>) throws(ImageError) {
    precondition(samples.count == samplesPerRow && row < form.height, "rows are whole, and as many as told")
    guard let base = samples.baseAddress else { return }
    try encoder.write(base)
    row += 1
  }

  /// Completes the file after its last row; it waits under its temporary name.
  ///
  /// - Throws: `ImageError`; then the file is gone.
  public func finish() throws(ImageError) -> StagedFile {
    precondition(row == form.height, "a file has all of its rows")
    try encoder.finish()
    do throws(FileError) { return try file.finish() } catch { throw .file(error) }
  }
}
