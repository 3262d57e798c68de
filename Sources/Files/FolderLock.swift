import Foundation

/// Keeps a folder to this process for as long as the value lives; the system lets go of it also when the process is
/// killed.
public final class FolderLock {
  private let descriptor: Int32

  /// Takes the folder, which must be there.
  ///
  /// - Throws: `FileError.inUse` when somebody has it, `.cannotRead` when it cannot be opened.
  public init(_ folder: String) throws(FileError) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: folder, reason: DurableFile.reason()) }
    // A file system without locks has nobody to ask.
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    // What is thrown away is closed, too.
    throw .inUse(folder: folder)
  }

  deinit { close(descriptor) }
}
