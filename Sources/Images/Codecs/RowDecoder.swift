import CImageCodecs
import Files

/// A picture file that is open in C and gives its rows from the top.
///
/// After a failure no more is asked of it.
protocol RowDecoder: AnyObject {
  /// Samples for each pixel.
  var channels: Int { get }
  /// Whether samples are `UInt16` and not `UInt8`.
  var isWide: Bool { get }
  /// Writes the samples of the next row.
  func readRow(into row: UnsafeMutableRawPointer) throws(ImageError)
  /// Reads what follows the last row.
  func finish() throws(ImageError)
}

/// Rows of a PNG that is not interlaced.
final class PNGRowDecoder: RowDecoder {
  let channels: Int
  let isWide: Bool
  private let source: ImageSource
  private let failure: CodecFailure
  private let reader: OpaquePointer

  init(_ file: OpenFile, _ failure: CodecFailure) throws(ImageError) {
    let source = ImageSource.file(file, bytes: failure.bytes)
    var header = tessera_png_header()
    var opened: OpaquePointer?
    try failure.check { message in
      source.withCodec { tessera_png_open($0, PNGDecoder.mode(labels: false), &header, &opened, message) }
    }
    guard let opened, header.width == failure.width, header.height == failure.height else {
      tessera_png_close(opened)
      throw .damaged(name: failure.name, format: .png, reason: "the size changed between two reads")
    }
    (channels, isWide) = (Int(header.channels), header.sample_bytes == 2)
    (self.source, self.failure, reader) = (source, failure, opened)
  }

  deinit { tessera_png_close(reader) }

  func readRow(into row: UnsafeMutableRawPointer) throws(ImageError) {
    try failure.check { tessera_png_read_row(reader, row, $0) }
  }

  func finish() throws(ImageError) { try failure.check { tessera_png_finish(reader, $0) } }
}

/// Rows of a JPEG.
final class JPEGRowDecoder: RowDecoder {
  let channels: Int
  let isWide = false
  private let source: ImageSource
  private let failure: CodecFailure
  private let reader: OpaquePointer

  /// - Parameter maxMemory: bytes of working memory, which a picture of several scans has for its coefficients.
  init(
    _ file: OpenFile, _ failure: CodecFailure, limits: ImageLimits, maxMemory: Int
  ) throws(ImageError) {
    let source = ImageSource.file(file, bytes: failure.bytes)
    var header = tessera_jpeg_header()
    var opened: OpaquePointer?
    try failure.check { message in
      source.withCodec { tessera_jpeg_open($0, &header, nil, 0, &opened, message) }
    }
    guard let opened, header.width == failure.width, header.height == failure.height else {
      tessera_jpeg_close(opened)
      throw .damaged(name: failure.name, format: .jpeg, reason: "the size changed between two reads")
    }
    channels = Int(header.channels)
    (self.source, self.failure, reader) = (source, failure, opened)
    try failure.check {
      tessera_jpeg_start(opened, Int32(clamping: limits.maxScans), max(1, maxMemory), $0)
    }
  }

  deinit { tessera_jpeg_close(reader) }

  func readRow(into row: UnsafeMutableRawPointer) throws(ImageError) {
    try failure.check { tessera_jpeg_read_row(reader, row, $0) }
  }

  func finish() throws(ImageError) { try failure.check { tessera_jpeg_finish(reader, $0) } }
}
