import CImageCodecs

/// JPEG bytes to samples, through libjpeg.
struct JPEGDecoder {
  let bytes: [UInt8]
  let name: String
  let orientation: Orientation
  private let limits: ImageLimits
  private let header: tessera_jpeg_header

  /// Pixels.
  var width: Int { Int(header.width) }
  /// Pixels.
  var height: Int { Int(header.height) }
  /// 1 gray or 3 RGB; CMYK becomes RGB.
  var channels: Int { header.channels == 1 ? 1 : 3 }

  /// A Huffman code takes a bit a block of 64 pixels at least, and a component is at most 8 times smaller
  /// than the picture: fewer bytes than that cannot hold it.
  private static let mostPixelsPerByte = 4096

  /// Reads the header only.
  init(_ bytes: [UInt8], name: String, limits: ImageLimits) throws(ImageError) {
    self.bytes = bytes
    self.name = name
    self.limits = limits
    var header = tessera_jpeg_header()
    var result = (status: TESSERA_CODEC_OK.rawValue, text: "")
    let exif = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
      result = CodecMessage.collect { message in
        tessera_jpeg_read_header(
          bytes, bytes.count, &header, buffer.baseAddress, buffer.count, message)
      }
      count = header.exif_count
    }
    self.header = header
    orientation = Orientation(exif: exif[...]) ?? .upright
    if let error = error(result.status, result.text) { throw error }
    try limits.check(width: width, height: height, name: name)
    guard header.arithmetic != 0 || bytes.count >= width * height / Self.mostPixelsPerByte else {
      throw .cutOff(name: name, format: .jpeg, bytes: bytes.count)
    }
  }

  /// The samples as stored, not yet turned upright.
  func samples() throws(ImageError) -> Raster.Samples {
    let stored = Int(header.channels)
    let count = width * height * stored
    // Coefficients of a progressive picture are kept whole, 2 bytes each and rounded up to whole blocks.
    let memory = 16 * width * height + (64 << 20)
    var failure: ImageError?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let (status, text) = CodecMessage.collect { message in
        tessera_jpeg_read_pixels(
          bytes, bytes.count, Int32(clamping: limits.maxScans), memory, buffer.baseAddress, count, message)
      }
      failure = error(status, text)
      filled = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return .eight(stored == 4 ? Self.rgb(invertedCMYK: pixels) : pixels)
  }

  /// CMYK stored inverted, as Adobe does and as Pillow takes for granted, to RGB by Pillow's rounding.
  private static func rgb(invertedCMYK pixels: [UInt8]) -> [UInt8] {
    let count = pixels.count / 4
    return [UInt8](unsafeUninitializedCapacity: 3 * count) { rgb, filled in
      pixels.withUnsafeBufferPointer { cmyk in
        for pixel in 0..<count {
          let light = Int32(cmyk[4 * pixel + 3])
          for channel in 0..<3 {
            let product = (255 - Int32(cmyk[4 * pixel + channel])) * light + 128
            let ink = (product >> 8 + product) >> 8
            rgb[3 * pixel + channel] = UInt8(clamping: light - ink)
          }
        }
      }
      filled = 3 * count
    }
  }

  private func error(_ status: UInt32, _ text: String) -> ImageError? {
    switch status {
    case TESSERA_CODEC_OK.rawValue: nil
    case TESSERA_CODEC_CUT_OFF.rawValue: .cutOff(name: name, format: .jpeg, bytes: bytes.count)
    case TESSERA_CODEC_PRECISION.rawValue:
      .unsupportedPrecision(name: name, bits: Int(header.precision))
    case TESSERA_CODEC_UNSUPPORTED.rawValue: .unsupported(name: name, format: .jpeg, reason: text)
    case TESSERA_CODEC_NO_MEMORY.rawValue: .notEnoughMemory(name: name, width: width, height: height)
    default: .damaged(name: name, format: .jpeg, reason: text)
    }
  }
}
