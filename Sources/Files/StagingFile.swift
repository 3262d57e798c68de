import Foundation

/// A file that is being written beside its place. What is not finished goes with this object.
///
/// It has no name until it is complete, where the system can have that, so that nothing is left of it even when the
/// process is killed; elsewhere it has a temporary one.
public final class StagingFile {
  /// Its place; of a link, where that leads.
  public let path: String
  private let descriptor: Int32
  private let temporary: String
  private let isNameless: Bool
  private var isOpen = true

  /// Linux's O_TMPFILE, which is no constant for Swift.
  private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
  /// Where an open file can be given a name.
  private static let openFiles = "/proc/self/fd"

  /// Begins a file for `path`. Folders on the way are made.
  ///
  /// - Throws: `FileError`.
  public init(_ path: String) throws(FileError) {
    let (path, mode) = try Self.target(path)
    let folder = path.parentFolder
    if !folder.isEmpty { try DurableFile.makeFolder(folder, for: path) }
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    var descriptor: Int32 = -1
    if access(Self.openFiles, X_OK) == 0 {
      descriptor = open(folder.isEmpty ? "." : folder, O_WRONLY | Self.nameless | O_CLOEXEC, 0o666)
    }
    isNameless = descriptor >= 0
    if !isNameless { descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: DurableFile.reason()) }
    // What others may do with a file does not change with its content; who may not set that writes all the same.
    if let mode { fchmod(descriptor, mode) }
    (self.path, self.descriptor, self.temporary) = (path, descriptor, temporary)
  }

  deinit {
    guard isOpen else { return }
    close(descriptor)
    if !isNameless { unlink(temporary) }
  }

  /// Writes `bytes` behind what is there.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw .cannotWrite(path: path, reason: DurableFile.reason()) }
      rest = rest.dropFirst(written)
    }
  }

  /// Writes `bytes` behind what is there.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func write(_ bytes: ContiguousArray<UInt8>) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  /// Syncs and closes the file, which is complete and has its temporary name now; nothing is written after that.
  ///
  /// - Throws: `FileError.cannotWrite`; then the file is gone.
  public func finish() throws(FileError) -> StagedFile {
    precondition(isOpen, "a file is finished once")
    isOpen = false
    var status = stat()
    let isSynced = fsync(descriptor) == 0 && fstat(descriptor, &status) == 0 && giveName()
    var reason = isSynced ? nil : DurableFile.reason()
    if close(descriptor) != 0 && isSynced { reason = DurableFile.reason() }
    if let reason {
      unlink(temporary)
      throw .cannotWrite(path: path, reason: reason)
    }
    return StagedFile(path: path, bytes: Int(status.st_size), temporary: temporary)
  }

  /// Whether it has its temporary name.
  private func giveName() -> Bool {
    !isNameless
      || linkat(AT_FDCWD, "\(Self.openFiles)/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0
  }

  /// Where a write to `path` ends up, and the permissions of the file that is there.
  private static func target(_ path: String) throws(FileError) -> (path: String, mode: mode_t?) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (path, nil) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .notAFile(path: path, isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }
    return (path.realPath ?? path, status.st_mode & 0o777)
  }
}
