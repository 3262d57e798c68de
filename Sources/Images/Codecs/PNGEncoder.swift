import CImageCodecs

/// Rows to a PNG, in memory or in a file, through libpng.
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

    /// Of a row.
    var samples: Int { width * colorType.channels }
  }

  /// What was not done: a picture that PNG cannot hold, or a file that the system did not write.
  enum Failure: Error {
    case picture(ImageError)
    case system(String)
  }

  private let form: Form
  private let writer: OpaquePointer

  /// Writes what comes before the rows. Memory stays where it is for as long as this object lives.
  init(_ form: Form, to sink: tessera_sink) throws(Failure) {
    guard let pixelsAcross = UInt32(exactly: form.width), let pixelsDown = UInt32(exactly: form.height) else {
      throw .picture(Self.cannotEncode(form, "too many pixels a side"))
    }
    let entries = form.palette.flatMap { [$0.red, $0.green, $0.blue] }
    var begun: OpaquePointer?
    let (status, text) = entries.withUnsafeBufferPointer { entries in
      var picture = tessera_png_picture()
      (picture.width, picture.height) = (pixelsAcross, pixelsDown)
      (picture.color_type, picture.bit_depth) = (Int32(form.colorType.rawValue), Int32(form.bits))
      (picture.palette, picture.palette_count) = (entries.baseAddress, Int32(form.palette.count))
      picture.compression = Int32(form.compression)
      return CodecMessage.collect { message in tessera_png_begin(&picture, sink, &begun, message) }
    }
    try Self.check(status, text, form)
    guard let begun else { throw .picture(Self.cannotEncode(form, text)) }
    (self.form, writer) = (form, begun)
  }

  deinit { tessera_png_discard(writer) }

  /// Writes the next row, `form.samples` samples.
  func write(_ row: UnsafeRawPointer) throws(Failure) {
    let (status, text) = CodecMessage.collect { tessera_png_write_row(writer, row, $0) }
    try Self.check(status, text, form)
  }

  /// Writes what follows the last row.
  func finish() throws(Failure) {
    let (status, text) = CodecMessage.collect { tessera_png_end(writer, $0) }
    try Self.check(status, text, form)
  }

  private static func check(_ status: UInt32, _ text: String, _ form: Form) throws(Failure) {
    switch status {
    case TESSERA_CODEC_OK.rawValue: return
    case TESSERA_CODEC_SYSTEM.rawValue: throw .system(text.lowercased())
    default: throw .picture(cannotEncode(form, text))
    }
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
    try samples.withUnsafeBufferPointer { samples throws(ImageError) in
      try encode(form, of: Sample.self) { encoder throws(Failure) in
        guard let base = samples.baseAddress else { return }
        for y in 0..<form.height { try encoder.write(base + y * form.samples) }
      }
    }
  }

  /// The PNG bytes of pixels that `row` writes when their row's turn comes, so that they are never all in memory.
  static func encode<Sample: FixedWidthInteger>(
    _ form: Form, row: (_ y: Int, _ samples: UnsafeMutableBufferPointer<Sample>) -> Void
  ) throws(ImageError) -> [UInt8] {
    try encode(form, of: Sample.self) { encoder throws(Failure) in
      var samples = [Sample](repeating: 0, count: form.samples)
      for y in 0..<form.height {
        try samples.withUnsafeMutableBufferPointer { samples throws(Failure) in
          row(y, samples)
          if let base = samples.baseAddress { try encoder.write(base) }
        }
      }
    }
  }

  private static func encode<Sample: FixedWidthInteger>(
    _ form: Form, of type: Sample.Type, rows: (PNGEncoder) throws(Failure) -> Void
  ) throws(ImageError) -> [UInt8] {
    var form = form
    form.bits = Sample.bitWidth
    var out = tessera_bytes()
    defer { tessera_bytes_free(&out) }
    do throws(Failure) {
      return try withUnsafeMutablePointer(to: &out) { out throws(Failure) in
        let encoder = try PNGEncoder(form, to: tessera_sink(bytes: out, descriptor: -1))
        try rows(encoder)
        try encoder.finish()
        return [UInt8](UnsafeBufferPointer(start: out.pointee.data, count: out.pointee.count))
      }
    } catch {
      switch error {
      case .picture(let error): throw error
      // Memory has no system to refuse it.
      case .system(let reason): throw cannotEncode(form, reason)
      }
    }
  }
}
