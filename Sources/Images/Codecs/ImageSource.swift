import CImageCodecs
import Files

/// The bytes that a picture is read from: all of them in memory, or a file of which parts are read.
enum ImageSource: Sendable {
  case memory([UInt8])
  case file(OpenFile, bytes: Int)

  /// Bytes in all.
  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(_, let bytes): bytes
    }
  }

  /// The bytes of a place; fewer where the source ends.
  func part(_ place: Range<Int>) throws(ImageError) -> [UInt8] {
    switch self {
    case .memory(let bytes): return Array(bytes[place.clamped(to: bytes.indices)])
    case .file(let file, _):
      do throws(FileError) { return try file.read(place) } catch { throw .file(error) }
    }
  }

  /// Calls `body` with the source as C knows it, which holds until `body` returns.
  func withCodec<Result>(_ body: (tessera_source) -> Result) -> Result {
    switch self {
    case .memory(let bytes):
      bytes.withUnsafeBufferPointer {
        body(tessera_source(bytes: $0.baseAddress, count: $0.count, descriptor: -1))
      }
    case .file(let file, let bytes):
      withExtendedLifetime(file) {
        body(tessera_source(bytes: nil, count: bytes, descriptor: file.descriptor))
      }
    }
  }
}
