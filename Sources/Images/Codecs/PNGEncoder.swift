import CImageCodecs
import Files

/// Rows to the bytes of a PNG, through libpng.
final class PNGEncoder {
  /// What a picture is apart from its samples.
  struct Form {
    let width: Int
    let height: Int
    let colorType: PNGColorType
    var palette: [Color] = []
    /// 8 or 16.
    var bits = 8
    /// 0…9.
    let compression: Int
    /// The program that made the picture, ASCII, which PNG's text `Software` tells (RFC 2083, section 4.2.7).
    var software: String?

    /// Of a row.
    var samples: Int { width * colorType.channels }
  }

  private let form: Form
  private let output: Output
  private let writer: OpaquePointer

  /// What libpng's bytes go through: an error stays here while the C functions come back.
  private final class Output {
    private let sink: ByteSink
    private(set) var failure: FileError?

    init(_ sink: @escaping ByteSink) { self.sink = sink }

    /// Whether the bytes were taken.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
      do throws(FileError) { try sink(bytes) } catch { failure = error }
      return failure == nil
    }
  }

  /// Writes what comes before the rows.
  ///
  /// - Throws: `ImageError.cannotEncode` for a picture that PNG cannot hold, `.file` for what `sink` throws.
  init(_ form: Form, to sink: @escaping ByteSink) throws(ImageError) {
    guard let pixelsAcross = UInt32(exactly: form.width), let pixelsDown = UInt32(exactly: form.height) else {
      throw Self.cannotEncode(form, "too many pixels a side")
    }
    let output = Output(sink)
    let target = tessera_sink(
      write: { context, data, count in
        guard let context else { return 1 }
        let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
        return output.take(UnsafeRawBufferPointer(start: data, count: count)) ? 0 : 1
      }, context: Unmanaged.passUnretained(output).toOpaque())
    let entries = form.palette.flatMap { [$0.red, $0.green, $0.blue] }
    var begun: OpaquePointer?
    let (status, text) = entries.withUnsafeBufferPointer { entries in
      var picture = tessera_png_picture()
      (picture.width, picture.height) = (pixelsAcross, pixelsDown)
      (picture.color_type, picture.bit_depth) = (Int32(form.colorType.rawValue), Int32(form.bits))
      (picture.palette, picture.palette_count) = (entries.baseAddress, Int32(form.palette.count))
      picture.compression = Int32(form.compression)
      let begin = { software in
        picture.software = software
        return CodecMessage.collect { message in tessera_png_begin(&picture, target, &begun, message) }
      }
      return form.software.map { $0.withCString(begin) } ?? begin(nil)
    }
    try Self.check(status, text, form, output)
    guard let begun else { throw Self.cannotEncode(form, text) }
    (self.form, self.output, writer) = (form, output, begun)
  }

  deinit { tessera_png_discard(writer) }

  /// Writes the next row, `form.samples` samples.
  func write(_ row: UnsafeRawPointer) throws(ImageError) {
    let (status, text) = CodecMessage.collect { tessera_png_write_row(writer, row, $0) }
    try Self.check(status, text, form, output)
  }

  /// Writes what follows the last row.
  func finish() throws(ImageError) {
    let (status, text) = CodecMessage.collect { tessera_png_end(writer, $0) }
    try Self.check(status, text, form, output)
  }

  private static func check(_ status: UInt32, _ text: String, _ form: Form, _ output: Output)
    throws(ImageError)
  {
    if let failure = output.failure { throw .file(failure) }
    if status != TESSERA_CODEC_OK.rawValue { throw cannotEncode(form, text) }
  }

  private static func cannotEncode(_ form: Form, _ reason: String) -> ImageError {
    .cannotEncode(format: .png, width: form.width, height: form.height, reason: reason)
  }
}

extension PNGEncoder {
  /// The PNG bytes of pixels of the given kind.
  static func encode<Sample: FixedWidthInteger>(_ samples: [Sample], _ form: Form) throws(ImageError)
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    try encode(samples, form) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Writes a PNG of pixels of the given kind.
  static func encode<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ form: Form, to sink: @escaping ByteSink
  ) throws(ImageError) {
    try samples.withUnsafeBufferPointer { samples throws(ImageError) in
      try encode(form, of: Sample.self, to: sink) { encoder throws(ImageError) in
        guard let base = samples.baseAddress else { return }
        for y in 0..<form.height { try encoder.write(base + y * form.samples) }
      }
    }
  }

  /// Writes a PNG of pixels that `row` gives when their row's turn comes, so that they are never all in memory.
  static func encode<Sample: FixedWidthInteger>(
    _ form: Form, to sink: @escaping ByteSink,
    row: (_ y: Int, _ samples: UnsafeMutableBufferPointer<Sample>) -> Void
  ) throws(ImageError) {
    try encode(form, of: Sample.self, to: sink) { encoder throws(ImageError) in
      var samples = [Sample](repeating: 0, count: form.samples)
      for y in 0..<form.height {
        try samples.withUnsafeMutableBufferPointer { samples throws(ImageError) in
          row(y, samples)
          if let base = samples.baseAddress { try encoder.write(base) }
        }
      }
    }
  }

  private static func encode<Sample: FixedWidthInteger>(
    _ form: Form, of type: Sample.Type, to sink: @escaping ByteSink,
    rows: (PNGEncoder) throws(ImageError) -> Void
  ) throws(ImageError) {
    var form = form
    form.bits = Sample.bitWidth
    let encoder = try PNGEncoder(form, to: sink)
    try rows(encoder)
    try encoder.finish()
  }
}
