import Foundation

/// A file to which lines are added one by one, each whole or not at all, by one process at a time.
///
/// A last line without its end, as a crash may leave it, is dropped when the file is opened.
public final class LineFile {
  /// The lines that are there.
  public let reader: LineReader
  private let descriptor: Int32
  /// Where the next line goes, in bytes.
  private var end = 0

  /// Opens the file at `path`, which is made unless it is there.
  ///
  /// - Throws: `FileError.inUse` when another process has it open, `.notAFile`, `.cannotRead` or `.cannotWrite`.
  public init(_ path: String) throws(FileError) {
    // O_NONBLOCK: opening a pipe without a reader would wait for one.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else {
      if errno == EISDIR { throw .notAFile(path: path, isFolder: true) }
      throw .cannotWrite(path: path, reason: DurableFile.reason())
    }
    reader = LineReader(try OpenFile(path, owning: descriptor))
    // A file system without locks has nobody to ask.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK { throw .inUse(folder: path) }
    end = try reader.lastLineEnd()
    guard ftruncate(descriptor, off_t(end)) == 0 else {
      throw .cannotWrite(path: path, reason: DurableFile.reason())
    }
  }

  /// The file's path.
  public var path: String { reader.path }

  /// Adds a line, given without its end, and tells where it lies, in bytes.
  ///
  /// - Throws: `FileError.cannotWrite`; then the file is as it was.
  @discardableResult
  public func append(_ line: some Collection<UInt8>) throws(FileError) -> Range<Int> {
    let bytes = Array(line) + [LineReader.lineBreak]
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written, off_t(end + written))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = DurableFile.reason()
        _ = ftruncate(descriptor, off_t(end))
        throw .cannotWrite(path: path, reason: reason)
      }
      written += count
    }
    defer { end += bytes.count }
    return end..<end + bytes.count - 1
  }
}
