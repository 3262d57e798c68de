import CZLIB
import Files
import Foundation

/// The bytes of a file one after another, inflated where it is gzip (RFC 1952).
final class PackedFile {
  /// The file's path.
  let name: String
  private let bytes: [UInt8]
  private var offset = 0
  /// Of gzip data. It lies outside of this object, because zlib remembers where it lies.
  private let stream: UnsafeMutablePointer<z_stream>?
  private var hasEnded = false

  /// Bytes that a file may have.
  private static let limit = 1 << 30

  /// Opens a file of at most 1 GiB.
  init(_ path: String) throws(DatasetError) {
    name = path
    do throws(FileError) { bytes = try WholeFile.read(path, limit: Self.limit) } catch { throw .file(error) }
    guard bytes.starts(with: [0x1F, 0x8B]) else {
      stream = nil
      return
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.stream = stream
    // 15 bits of window, and 16 for a header of gzip.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { throw .gzip(file: name) }
  }

  deinit {
    guard let stream else { return }
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Bytes that can come at most: deflate shrinks nothing to less than 1 in 1032.
  var most: Int { stream == nil ? bytes.count - offset : 1032 * bytes.count }

  /// Whether all bytes have been read, and match the checksum if there is one.
  var isAtEnd: Bool { offset == bytes.count && (stream == nil || hasEnded) }

  /// The next `count` bytes; fewer only at the end.
  ///
  /// - Throws: `DatasetError.gzip` for data that cannot be inflated.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    guard let stream else {
      let part = bytes[offset..<min(bytes.count, offset + count)]
      offset += part.count
      return Array(part)
    }
    var isDamaged = false
    let result = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      filled = inflate(stream, into: target, &isDamaged)
    }
    if isDamaged { throw .gzip(file: name) }
    return result
  }

  /// Fills `target` as far as there are bytes; their number.
  private func inflate(
    _ stream: UnsafeMutablePointer<z_stream>, into target: UnsafeMutableBufferPointer<UInt8>,
    _ isDamaged: inout Bool
  ) -> Int {
    // zlib counts in 32 bits, and wants a place to write even when nothing is to be written.
    let largest = 1 << 30
    var filled = 0
    bytes.withUnsafeBufferPointer { source in
      guard let input = source.baseAddress, let output = target.baseAddress else { return }
      while filled < target.count && !hasEnded && !isDamaged {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input + offset)
        stream.pointee.avail_in = UInt32(min(source.count - offset, largest))
        stream.pointee.next_out = output + filled
        stream.pointee.avail_out = UInt32(min(target.count - filled, largest))
        let (before, room) = (stream.pointee.avail_in, stream.pointee.avail_out)
        let status = CZLIB.inflate(stream, Z_NO_FLUSH)
        offset += Int(before - stream.pointee.avail_in)
        filled += Int(room - stream.pointee.avail_out)
        switch status {
        case Z_OK: break
        case Z_STREAM_END: hasEnded = true
        // No more input: the file is cut off.
        case Z_BUF_ERROR: return
        default: isDamaged = true
        }
      }
    }
    return filled
  }
}
