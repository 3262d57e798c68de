import Foundation

/// Reading files whole, with a limit before memory is taken.
public enum WholeFile {
  /// The bytes of a regular file of at most `limit` bytes.
  ///
  /// - Throws: `FileError` when there is no such file, when it is a folder, a pipe or a device (which could block
  ///   for ever), when it cannot be read, or when it is larger than `limit`.
  public static func read(_ path: String, limit: Int = 1 << 32) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path)
    let size = try file.size()
    guard size <= limit else { throw .tooLarge(path: path, bytes: size, limit: limit) }
    return try file.read(0..<size)
  }

  /// The bytes of standard input until its end, at most `limit` of them.
  ///
  /// - Throws: `FileError` when it cannot be read or holds more.
  public static func readStandardInput(limit: Int = 1 << 32) throws(FileError) -> [UInt8] {
    try readToEnd(STDIN_FILENO, limit, "standard input")
  }

  /// The bytes of a file or a pipe until its end, at most `limit` of them; a pipe is waited for.
  ///
  /// - Throws: `FileError` when it cannot be read or holds more.
  public static func readStream(_ path: String, limit: Int = 1 << 32) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .notFound(path: path) }
      throw .cannotRead(path: path, reason: DurableFile.reason())
    }
    defer { close(descriptor) }
    return try readToEnd(descriptor, limit, path)
  }

  private static func readToEnd(
    _ descriptor: Int32, _ limit: Int, _ name: String
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = try read(descriptor, min(1 << 20, limit + 1 - bytes.count), name)
      if part.isEmpty { return bytes }
      bytes += part
      guard bytes.count <= limit else { throw .tooLarge(path: name, bytes: bytes.count, limit: limit) }
    }
  }

  /// Up to `size` bytes; fewer only at the end.
  private static func read(_ descriptor: Int32, _ size: Int, _ path: String) throws(FileError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size {
        let got = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { break }
        count += got
      }
    }
    if failed { throw .cannotRead(path: path, reason: DurableFile.reason()) }
    return bytes
  }
}
