import CImageCodecs

/// PNG bytes to samples, through libpng.
struct PNGDecoder {
  let layout: PNGLayout
  let header: tessera_png_header
  let failure: CodecFailure
  private let source: ImageSource
  private let mode: Int32

  /// Reads the header only.
  init(_ source: ImageSource, name: String, labels: Bool, limits: ImageLimits) throws(ImageError) {
    self.source = source
    let mode = Self.mode(labels: labels)
    layout = try PNGLayout(source, name: name, limits: limits)
    failure = CodecFailure(
      format: .png, name: name, bytes: source.count, width: layout.width, height: layout.height)
    var header = tessera_png_header()
    try failure.check { message in
      source.withCodec { tessera_png_read_header($0, mode, &header, message) }
    }
    (self.mode, self.header) = (mode, header)
  }

  /// The picture, or palette indices and gray values as the file holds them.
  static func mode(labels: Bool) -> Int32 {
    Int32(bitPattern: labels ? TESSERA_PNG_LABELS.rawValue : TESSERA_PNG_PICTURE.rawValue)
  }

  /// How the file stores a pixel.
  var colorType: PNGColorType { PNGColorType(rawValue: header.color_type) ?? .gray }

  /// The palette, of a palette picture.
  var palette: [Color]? {
    guard colorType == .palette else { return nil }
    return withUnsafeBytes(of: header.palette) { entries in
      (0..<Int(header.palette_count)).map {
        Color(red: entries[3 * $0], green: entries[3 * $0 + 1], blue: entries[3 * $0 + 2])
      }
    }
  }

  /// The samples as stored, not yet turned upright.
  func samples() throws(ImageError) -> Raster.Samples {
    let count = layout.width * layout.height * Int(header.channels)
    if header.sample_bytes == 2 {
      return .sixteen(try pixels(count: count, of: UInt16.self))
    }
    return .eight(try pixels(count: count, of: UInt8.self))
  }

  private func pixels<Sample: FixedWidthInteger>(
    count: Int, of type: Sample.Type
  ) throws(ImageError) -> [Sample] {
    var failed: ImageError?
    let samples = [Sample](unsafeUninitializedCapacity: count) { buffer, filled in
      let (status, text) = CodecMessage.collect { message in
        source.withCodec {
          tessera_png_read_pixels(
            $0, mode, buffer.baseAddress, count * MemoryLayout<Sample>.stride, message)
        }
      }
      failed = failure.error(status, text)
      filled = failed == nil ? count : 0
    }
    if let failed { throw failed }
    return samples
  }
}
