import Files
import Foundation
import Testing

@Suite struct LineFileTests {
  private func lines(_ path: String) throws -> [String] {
    var lines: [String] = []
    try LineReader(path).forEachLine { line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  @Test func appendsAndFindsAgain() throws {
    try withFolder { folder in
      let path = "\(folder)/log"
      var file: LineFile? = try LineFile(path)
      let first = try file?.append("one".utf8)
      let second = try file?.append("".utf8)
      #expect(first == 0..<3 && second == 4..<4)
      #expect(try file?.reader.read(0..<3) == Array("one".utf8))
      file = nil
      let third = try LineFile(path).append("three".utf8)
      #expect(third == 5..<10)
      #expect(try lines(path) == ["one", "", "three"])
      #expect(try WholeFile.read(path) == Array("one\n\nthree\n".utf8))
    }
  }

  /// What a crash left of a last line is dropped, also where all there is is that.
  @Test(arguments: ["one\ntwo\nthr", "one\ntwo\n", "torn", ""]) func aTornLine(content: String) throws {
    try withFolder { folder in
      let path = "\(folder)/log"
      try DurableFile.write(content.utf8, to: path)
      let whole = content.contains("two") ? ["one", "two"] : []
      #expect(try lines(path) == whole)
      try LineFile(path).append("new".utf8)
      #expect(try lines(path) == whole + ["new"])
    }
  }

  /// Lines longer than what is read at a time, and a torn one as long.
  @Test func longLines() throws {
    try withFolder { folder in
      let path = "\(folder)/log"
      let texts = [String(repeating: "a", count: 3_000_000), "b", String(repeating: "c", count: 1 << 20)]
      do {
        let file = try LineFile(path)
        for text in texts { try file.append(text.utf8) }
      }
      #expect(try lines(path) == texts)
      let bytes = try WholeFile.read(path)
      try DurableFile.write(bytes + [UInt8](repeating: 0, count: 200_000), to: path)
      try LineFile(path).append("d".utf8)
      #expect(try lines(path) == texts + ["d"])
    }
  }

  @Test func oneWriter() throws {
    try withFolder { folder in
      let path = "\(folder)/log"
      let file = try LineFile(path)
      #expect(throws: FileError.inUse(folder: path)) { try LineFile(path) }
      withExtendedLifetime(file) {}
    }
  }

  @Test func whatIsNoFile() throws {
    try withFolder { folder in
      #expect(throws: FileError.notAFile(path: folder, isFolder: true)) { try LineFile(folder) }
      mkfifo("\(folder)/pipe", 0o600)
      #expect(throws: FileError.notAFile(path: "\(folder)/pipe", isFolder: false)) {
        try LineFile("\(folder)/pipe")
      }
      #expect(throws: FileError.notFound(path: "\(folder)/none")) { try LineReader("\(folder)/none") }
    }
  }
}

@Suite struct StagedFileTests {
  @Test func nothingStandsBeforeTheCommit() throws {
    try withFolder { folder in
      let path = "\(folder)/a/file"
      let staged = try DurableFile.stage([1, 2], to: path)
      #expect(try names(in: "\(folder)/a").count == 1 && FileStamp(path) == nil)
      try staged.commit()
      #expect(try names(in: "\(folder)/a") == ["file"])
      #expect(FileStamp(path)?.bytes == 2)
      let other = try DurableFile.stage(to: path) { write throws(FileError) in
        try write([3])
        try write([4, 5])
      }
      other.discard()
      #expect(try names(in: "\(folder)/a") == ["file"] && WholeFile.read(path) == [1, 2])
    }
  }

  @Test func onlySomeLeftovers() throws {
    try withFolder { folder in
      let (mine, other) = (
        try DurableFile.stage([1], to: "\(folder)/a.x"), try DurableFile.stage([1], to: "\(folder)/b.x")
      )
      DurableFile.removeLeftovers(in: folder) { $0 == "a.x" }
      #expect(try names(in: folder).count == 1 && names(in: folder)[0].hasPrefix("b.x."))
      #expect(throws: FileError.self) { try mine.commit() }
      other.discard()
    }
  }

  /// Of a stamp, the size and the nanoseconds count.
  @Test func stamps() throws {
    try withFolder { folder in
      let path = "\(folder)/file"
      try DurableFile.write([1, 2, 3], to: path)
      let first = try #require(FileStamp(path))
      #expect(first == FileStamp(path) && first.bytes == 3)
      var times = [timespec(tv_sec: 5, tv_nsec: 7), timespec(tv_sec: 5, tv_nsec: 7)]
      utimensat(AT_FDCWD, path, &times, 0)
      #expect(FileStamp(path) == FileStamp(bytes: 3, modified: 5_000_000_007))
      #expect(FileStamp(folder) == nil && FileStamp("\(folder)/none") == nil)
    }
  }

  @Test func sharedLocks() throws {
    try withFolder { folder in
      let one = try FolderLock(folder, isShared: true)
      let two = try FolderLock(folder, isShared: true)
      #expect(throws: FileError.inUse(folder: folder)) { try FolderLock(folder) }
      withExtendedLifetime((one, two)) {}
    }
  }
}
