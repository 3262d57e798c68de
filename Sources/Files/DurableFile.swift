import Foundation

/// Writing files that people keep: whole or not at all.
public enum DurableFile {
  /// Writes `bytes` to `path`: to a temporary name in the same folder first, which is then synced and renamed, so
  /// that a crash leaves either the old file or the new one. Folders on the way are made. A link is followed to the
  /// file that it names; a folder, a pipe or a device is never replaced.
  ///
  /// - Parameter previous: where the file that stood there goes, by a rename, once the new one is safe on disk. A crash
  ///   between the two renames leaves the old file under that name and none at `path`.
  /// - Throws: `FileError`, and leaves no temporary file behind.
  public static func write(
    _ bytes: some Collection<UInt8>, to path: String, keepingOldAs previous: String? = nil
  ) throws(FileError) {
    let staged = try stage(bytes, to: path)
    try staged.commit(keepingOldAs: previous)
    let folder = staged.path.parentFolder
    sync(folder: folder.isEmpty ? "." : folder)
  }

  /// Writes `bytes` to a temporary name beside `path` and syncs them; `commit` puts the file at its place.
  ///
  /// - Throws: `FileError`, and leaves no temporary file behind.
  public static func stage(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) -> StagedFile {
    try stage(to: path) { write throws(FileError) in try write(ContiguousArray(bytes)) }
  }

  /// As `stage`, for content that is made in parts: `body` calls its argument with each.
  ///
  /// - Throws: `FileError`, and leaves no temporary file behind.
  public static func stage(
    to path: String,
    _ body: (_ write: (ContiguousArray<UInt8>) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) -> StagedFile {
    let file = try StagingFile(path)
    try body { part throws(FileError) in try file.write(part) }
    return try file.finish()
  }

  /// Makes a folder, and those on the way to it, unless it is there.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public static func makeFolder(_ folder: String) throws(FileError) { try makeFolder(folder, for: folder) }

  static func makeFolder(_ folder: String, for path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let obstacle = obstacle(to: folder).map { ", because \($0) is no folder" } ?? ""
      throw .cannotWrite(path: path, reason: "the folder \(folder) cannot be made\(obstacle)")
    }
  }

  /// What lies at a folder's place, or at that of one on the way to it, and is none.
  private static func obstacle(to folder: String) -> String? {
    var (place, status) = (folder, stat())
    while !place.isEmpty && place != "/" {
      if stat(place, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR ? nil : place }
      place = place.parentFolder
    }
    return nil
  }

  /// Removes what writes into `folder` left that a crash cut short; nobody else may be writing there.
  ///
  /// - Parameter isOurs: told the name of the file that a write was for, whether it may be removed.
  public static func removeLeftovers(in folder: String, where isOurs: (String) -> Bool = { _ in true }) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      if let target = leftover(name), isOurs(target) {
        unlink(folder.appendingPath(name))
      }
    }
  }

  /// `NAME` of a file `NAME.PROCESS-RANDOM.part`.
  private static func leftover(_ name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.last == "part" else { return nil }
    let numbers = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2 && numbers.allSatisfy({ UInt32($0) != nil }) else { return nil }
    return parts.dropLast(2).joined(separator: ".")
  }

  /// Makes the rename itself durable; a file system that cannot sync a folder has done what it can.
  private static func sync(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  static func reason() -> String { String(cString: strerror(errno)).lowercased() }
}
