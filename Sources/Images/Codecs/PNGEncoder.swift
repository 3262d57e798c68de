import CImageCodecs

/// Samples to PNG bytes, through libpng.
enum PNGEncoder {
  /// What a picture is apart from its samples.
  struct Form {
    let width: Int
    let height: Int
    let colorType: PNGColorType
    var palette: [Color] = []
    /// 0…9.
    let compression: Int
  }

  /// Pixels of the given kind, 8 or 16 bits a sample as the type of `samples` says.
  static func encode<Sample: FixedWidthInteger>(_ samples: [Sample], _ form: Form) throws(ImageError)
    -> [UInt8]
  {
    try encode(form, bits: Sample.bitWidth) { picture, write in
      samples.withUnsafeBytes { samples in
        picture.samples = samples.baseAddress
        return write(&picture)
      }
    }
  }

  /// Pixels that `row` writes when their row's turn comes, so that they are never all in memory.
  static func encode<Sample: FixedWidthInteger>(
    _ form: Form, samplesPerRow: Int, row: (_ y: Int, _ samples: UnsafeMutableBufferPointer<Sample>) -> Void
  ) throws(ImageError) -> [UInt8] {
    try encode(form, bits: Sample.bitWidth) { picture, write in
      withoutActuallyEscaping(row) { row in
        var source = RowSource { y, memory in
          let samples = memory.bindMemory(to: Sample.self, capacity: samplesPerRow)
          row(y, UnsafeMutableBufferPointer(start: samples, count: samplesPerRow))
        }
        return withUnsafeMutablePointer(to: &source) { source in
          picture.context = UnsafeMutableRawPointer(source)
          picture.fill = { context, y, row in
            guard let context, let row else { return }
            context.assumingMemoryBound(to: RowSource.self).pointee.fill(Int(y), row)
          }
          return write(&picture)
        }
      }
    }
  }

  /// What C calls for each row.
  private struct RowSource {
    let fill: (_ y: Int, _ row: UnsafeMutableRawPointer) -> Void
  }

  private typealias Outcome = (status: UInt32, text: String)

  private static func encode(
    _ form: Form, bits: Int,
    with body: (inout tessera_png_picture, _ write: (inout tessera_png_picture) -> Outcome) -> Outcome
  ) throws(ImageError) -> [UInt8] {
    guard let pixelsAcross = UInt32(exactly: form.width), let pixelsDown = UInt32(exactly: form.height) else {
      throw .cannotEncode(
        format: .png, width: form.width, height: form.height, reason: "too many pixels a side")
    }
    let entries = form.palette.flatMap { [$0.red, $0.green, $0.blue] }
    var out = tessera_bytes()
    defer { tessera_bytes_free(&out) }
    let (status, text) = entries.withUnsafeBufferPointer { entries in
      var picture = tessera_png_picture()
      (picture.width, picture.height) = (pixelsAcross, pixelsDown)
      (picture.color_type, picture.bit_depth) = (Int32(form.colorType.rawValue), Int32(bits))
      (picture.palette, picture.palette_count) = (entries.baseAddress, Int32(form.palette.count))
      picture.compression = Int32(form.compression)
      return body(&picture) { picture in
        CodecMessage.collect { message in tessera_png_write(&picture, &out, message) }
      }
    }
    guard status == TESSERA_CODEC_OK.rawValue else {
      throw .cannotEncode(format: .png, width: form.width, height: form.height, reason: text)
    }
    return [UInt8](UnsafeBufferPointer(start: out.data, count: out.count))
  }
}
