import CImageCodecs

/// JPEG bytes to samples, through libjpeg.
struct JPEGDecoder {
  let orientation: Orientation
  let failure: CodecFailure
  private let source: ImageSource
  private let limits: ImageLimits
  private let header: tessera_jpeg_header

  /// Pixels.
  var width: Int { Int(header.width) }
  /// Pixels.
  var height: Int { Int(header.height) }
  /// 1 gray or 3 RGB; CMYK becomes RGB.
  var channels: Int { header.channels == 1 ? 1 : 3 }
  /// 1 gray, 3 RGB or 4 CMYK.
  var storedChannels: Int { Int(header.channels) }
  /// Bytes that a picture of several scans keeps until its end; 0 for others.
  var coefficientBytes: Int { Int(clamping: header.coefficient_bytes) }

  /// A Huffman code takes a bit a block of 64 pixels at least, and a component is at most 8 times smaller
  /// than the picture: fewer bytes than that cannot hold it.
  private static let mostPixelsPerByte = 4096

  /// Reads the header only.
  init(_ source: ImageSource, name: String, limits: ImageLimits) throws(ImageError) {
    (self.source, self.limits) = (source, limits)
    var header = tessera_jpeg_header()
    var result = (status: TESSERA_CODEC_OK.rawValue, text: "")
    let exif = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
      result = CodecMessage.collect { message in
        source.withCodec {
          tessera_jpeg_read_header($0, &header, buffer.baseAddress, buffer.count, message)
        }
      }
      count = header.exif_count
    }
    self.header = header
    failure = CodecFailure(
      format: .jpeg, name: name, bytes: source.count, width: Int(header.width), height: Int(header.height),
      bits: Int(header.precision))
    orientation = Orientation(exif: exif[...]) ?? .upright
    if let error = failure.error(result.status, result.text) { throw error }
    try limits.check(width: width, height: height, name: name)
    guard header.arithmetic != 0 || source.count >= width * height / Self.mostPixelsPerByte else {
      throw .cutOff(name: name, format: .jpeg, bytes: source.count)
    }
  }

  /// The samples as stored, not yet turned upright.
  func samples() throws(ImageError) -> Raster.Samples {
    let count = width * height * storedChannels
    // Coefficients of a progressive picture are kept whole, 2 bytes each and rounded up to whole blocks.
    let memory = 16 * width * height + (64 << 20)
    var failed: ImageError?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let (status, text) = CodecMessage.collect { message in
        source.withCodec {
          tessera_jpeg_read_pixels(
            $0, Int32(clamping: limits.maxScans), memory, buffer.baseAddress, count, message)
        }
      }
      failed = failure.error(status, text)
      filled = failed == nil ? count : 0
    }
    if let failed { throw failed }
    return .eight(storedChannels == 4 ? Self.rgb(invertedCMYK: pixels) : pixels)
  }

  /// CMYK stored inverted, as Adobe does and as Pillow takes for granted, to RGB by Pillow's rounding.
  static func rgb(invertedCMYK pixels: [UInt8]) -> [UInt8] {
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
}
