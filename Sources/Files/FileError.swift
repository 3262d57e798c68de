/// Why a file was not read or written.
public enum FileError: Error, Equatable, CustomStringConvertible {
  /// Nothing at that path.
  case notFound(path: String)
  /// A folder, a pipe or a device where a file was expected.
  case notAFile(path: String, isFolder: Bool)
  /// The system refused to read.
  case cannotRead(path: String, reason: String)
  /// The system refused to write.
  case cannotWrite(path: String, reason: String)
  /// A folder that another process holds.
  case inUse(folder: String)
  /// More bytes than the limit.
  case tooLarge(path: String, bytes: Int, limit: Int)

  /// Where, what was expected, what was found.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): expected a file, found nothing; check the path"
    case .notAFile(let path, let isFolder):
      "\(path): expected a file, found a "
        + (isFolder
          ? "folder; name a file in it" : "pipe or device; save what it gives to a file and name that")
    case .cannotRead(let path, let reason):
      "\(path): expected a readable file, found: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path): expected to write this file, found: \(reason); choose another place with --output"
    case .inUse(let folder):
      "\(folder): expected a folder that no other process works in, found one at work; wait for its end or choose "
        + "another --output"
    case .tooLarge(let path, let bytes, let limit):
      "\(path): expected at most \(limit) bytes, found \(bytes)"
    }
  }
}
