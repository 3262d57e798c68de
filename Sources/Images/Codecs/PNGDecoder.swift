import CImageCodecs

/// PNG bytes to samples, through libpng.
struct PNGDecoder {
  let bytes: [UInt8]
  let name: String
  let layout: PNGLayout
  let header: tessera_png_header
  private let mode: Int32

  /// Reads the header only.
  init(_ bytes: [UInt8], name: String, labels: Bool, limits: ImageLimits) throws(ImageError) {
    self.bytes = bytes
    self.name = name
    mode = Int32(bitPattern: labels ? TESSERA_PNG_LABELS.rawValue : TESSERA_PNG_PICTURE.rawValue)
    layout = try PNGLayout(bytes, name: name, limits: limits)
    var header = tessera_png_header()
    let (status, text) = CodecMessage.collect { [mode] message in
      tessera_png_read_header(bytes, bytes.count, mode, &header, message)
    }
    self.header = header
    if let error = error(status, text) { throw error }
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
    var failure: ImageError?
    let samples = [Sample](unsafeUninitializedCapacity: count) { buffer, filled in
      let (status, text) = CodecMessage.collect { message in
        tessera_png_read_pixels(
          bytes, bytes.count, mode, buffer.baseAddress, count * MemoryLayout<Sample>.stride, message)
      }
      failure = error(status, text)
      filled = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return samples
  }

  private func error(_ status: UInt32, _ text: String) -> ImageError? {
    switch status {
    case TESSERA_CODEC_OK.rawValue: nil
    case TESSERA_CODEC_CUT_OFF.rawValue: .cutOff(name: name, format: .png, bytes: bytes.count)
    case TESSERA_CODEC_NO_MEMORY.rawValue:
      .notEnoughMemory(name: name, width: layout.width, height: layout.height)
    default: .damaged(name: name, format: .png, reason: text)
    }
  }
}
