/// The lines of a file, one after the other, and again by their places.
public final class LineReader: Sendable {
  private let file: OpenFile
  static let lineBreak = UInt8(ascii: "\n")

  /// Opens the regular file at `path`.
  ///
  /// - Throws: `FileError`.
  public convenience init(_ path: String) throws(FileError) { self.init(try OpenFile(path)) }

  /// Reads through an open file.
  init(_ file: OpenFile) { self.file = file }

  /// The file's path.
  public var path: String { file.path }

  /// The bytes of a place in the file; fewer where it ends.
  ///
  /// - Throws: `FileError.cannotRead`.
  public func read(_ place: Range<Int>) throws(FileError) -> [UInt8] { try file.read(place) }

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
    var end = try file.size()
    while end > 0 {
      let start = max(0, end - 1 << 16)
      if let last = try read(start..<end).lastIndex(of: Self.lineBreak) { return start + last + 1 }
      end = start
    }
    return 0
  }
}
