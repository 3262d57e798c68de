import Foundation

/// A regular file that is open for reading, part by part.
public final class OpenFile: Sendable {
  /// The file's path.
  public let path: String
  /// What the system knows it by, for as long as this object lives.
  public let descriptor: Int32

  /// Opens the regular file at `path`.
  ///
  /// - Throws: `FileError` when there is no such file, when it is a folder, a pipe or a device (which could block for
  ///   ever), or when it cannot be read.
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
    let mode = try status().st_mode
    guard mode & S_IFMT == S_IFREG else {
      throw .notAFile(path: path, isFolder: mode & S_IFMT == S_IFDIR)
    }
  }

  deinit { close(descriptor) }

  /// Its size now, in bytes.
  ///
  /// - Throws: `FileError.cannotRead`.
  public func size() throws(FileError) -> Int { Int(try status().st_size) }

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

  private func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotRead(path: path, reason: DurableFile.reason())
    }
    return status
  }
}
