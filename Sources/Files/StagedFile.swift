import Foundation

/// A file that is complete and synced under a temporary name, until it is put at its place.
public struct StagedFile: Sendable {
  /// Its place; of a link, where that leads.
  public let path: String
  /// Its size.
  public let bytes: Int
  let temporary: String

  init(path: String, bytes: Int, temporary: String) {
    (self.path, self.bytes, self.temporary) = (path, bytes, temporary)
  }

  /// Puts the file at its place, in the place of what was there.
  ///
  /// The rename outlives this process; it outlives a power failure once the folder is synced, which
  /// `DurableFile.write` does for a single file.
  ///
  /// - Parameter previous: where the file that stood there goes, by a rename.
  /// - Throws: `FileError.cannotWrite`, and removes the temporary file.
  public func commit(keepingOldAs previous: String? = nil) throws(FileError) {
    guard keepOld(as: previous), rename(temporary, path) == 0 else {
      let reason = DurableFile.reason()
      discard()
      throw .cannotWrite(path: path, reason: reason)
    }
  }

  /// Whether the file at another path holds the same bytes.
  public func hasContent(of other: String) -> Bool {
    guard let (own, other) = try? (OpenFile(temporary), OpenFile(other)), (try? other.size()) == bytes else {
      return false
    }
    let step = 1 << 20
    return stride(from: 0, to: bytes, by: step).allSatisfy { start in
      guard let part = try? own.read(start..<start + step) else { return false }
      return (try? other.read(start..<start + step)) == part
    }
  }

  /// Removes the temporary file.
  public func discard() { unlink(temporary) }

  /// Renames the file at `path`, if there is one; whether nothing went wrong.
  private func keepOld(as previous: String?) -> Bool {
    guard let previous else { return true }
    return rename(path, previous) == 0 || errno == ENOENT
  }
}
