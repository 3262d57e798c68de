import Foundation

/// What tells whether a file has changed since somebody looked: its size and the time of its last change.
public struct FileStamp: Sendable, Equatable {
  /// Size in bytes.
  public let bytes: Int
  /// The time of the last change, in nanoseconds since 1970.
  public let modified: Int

  /// A stamp of these values.
  public init(bytes: Int, modified: Int) { (self.bytes, self.modified) = (bytes, modified) }

  /// The stamp of the regular file at `path`, links followed; `nil` when there is none.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let (seconds, overflow) = Int(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    self.init(bytes: Int(status.st_size), modified: overflow ? 0 : seconds &+ Int(status.st_mtim.tv_nsec))
  }
}
