import Foundation

/// The lines of a file, one after the other, and again by their places.
public final class LineReader: Sendable {
  /// The file's path.
  public let path: String
  private let descriptor: Int32
  static let lineBreak = UInt8(ascii: "\n")

  /// Opens the regular file at `path`.
  ///
  /// - Throws: `FileError`.
  public convenience init(_ path: String) throws(FileError) {
    // O_NONBLOCK: opening a pipe without a writer would wait for one.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .notFound(path: path) }
      throw .cannotRead(path: path, reason: DurableFile.reason())
    }
    try self.init(path, owning: descriptor)
  }

  /// Reads through an open file, which is closed with this object.
  init(_ path: String, owning descriptor: Int32) throws(FileError) {
    (self.path, self.descriptor) = (path, descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .notAFile(path: path, isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }
  }

  deinit { close(descriptor) }

  /// The bytes of a place in the file; fewer where it ends.
  ///
  /// - Throws: `FileError.cannotRead`.
  public func read(_ place: Range<Int>) throws(FileError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: place.count) { buffer, count in
      count = 0
      while count < place.count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + count }, place.count - count,
          off_t(place.lowerBound + count))
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { break }
        count += got
      }
    }
    if failed { throw .cannotRead(path: path, reason: DurableFile.reason()) }
    return bytes
  }

  /// Calls `body` with each line, without its end, and its place. A last line without an end is none.
  ///
  /// - Throws: `FileError.cannotRead`.
  public func forEachLine(_ body: (ArraySlice<UInt8>, Range<Int>) -> Void) throws(FileError) {
    var start = 0
    var size = 1 << 20
    while true {
      let part = try read(start..<start + size)
      var next = 0
      while let stop = part[next...].firstIndex(of: Self.lineBreak) {
        body(part[next..<stop], start + next..<start + stop)
        next = stop + 1
      }
      if part.count < size { return }
      // A line longer than a part is read again with a larger one.
      size = next == 0 ? size * 2 : 1 << 20
      start += next
    }
  }

  /// What follows the last line break, in bytes from the start.
  func lastLineEnd() throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: DurableFile.reason()) }
    var end = Int(status.st_size)
    while end > 0 {
      let start = max(0, end - 1 << 16)
      if let last = try read(start..<end).lastIndex(of: Self.lineBreak) { return start + last + 1 }
      end = start
    }
    return 0
  }
}
