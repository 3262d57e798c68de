import Files
import Foundation
import Testing

@Suite struct DurableFileTests {
  @Test func writesEveryByte() throws {
    try withFolder { folder in
      for count in [0, 1, 70_000, 3_000_001] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try DurableFile.write(bytes, to: "\(folder)/file")
        #expect(try WholeFile.read("\(folder)/file") == bytes)
        #expect(try names(in: folder) == ["file"])
      }
    }
  }

  @Test func takesAnyCollection() throws {
    try withFolder { folder in
      try DurableFile.write("läuft".utf8, to: "\(folder)/text")
      #expect(try WholeFile.read("\(folder)/text") == Array("läuft".utf8))
      try DurableFile.write(([1, 2, 3, 4] as [UInt8])[1..<3], to: "\(folder)/text")
      #expect(try WholeFile.read("\(folder)/text") == [2, 3])
    }
  }

  /// Whoever holds the old file open keeps reading it: it was replaced, not written over.
  @Test func replacesTheWholeFile() throws {
    try withFolder { folder in
      let path = "\(folder)/file"
      try DurableFile.write([1, 2, 3, 4, 5], to: path)
      let old = try #require(FileHandle(forReadingAtPath: path))
      try DurableFile.write([9], to: path)
      #expect(try WholeFile.read(path) == [9])
      #expect(try old.readToEnd() == Data([1, 2, 3, 4, 5]))
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func makesFolders() throws {
    try withFolder { folder in
      try DurableFile.write([7], to: "\(folder)/a/b/c.bin")
      #expect(try WholeFile.read("\(folder)/a/b/c.bin") == [7])
      #expect(try names(in: "\(folder)/a/b") == ["c.bin"])
    }
  }

  @Test func aFolderInThePlaceOfTheFile() throws {
    try withFolder { folder in
      let path = "\(folder)/taken"
      try FileManager.default.createDirectory(atPath: "\(path)/inner", withIntermediateDirectories: true)
      #expect(
        errorText { try DurableFile.write([1], to: path) }
          == "\(path): expected a file, found a folder; name a file in it")
      #expect(try names(in: folder) == ["taken"], "a temporary file stays behind")
      #expect(try names(in: path) == ["inner"])
    }
  }

  @Test func aLinkIsFollowed() throws {
    try withFolder { folder in
      try DurableFile.write([1], to: "\(folder)/real")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link", withDestinationPath: "\(folder)/real")
      try DurableFile.write([2], to: "\(folder)/link")
      #expect(try WholeFile.read("\(folder)/real") == [2])
      #expect(try names(in: folder) == ["link", "real"])
    }
  }

  @Test func aDeviceIsNotReplaced() {
    #expect(
      errorText { try DurableFile.write([1], to: "/dev/null") }
        == "/dev/null: expected a file, found a pipe or device; save what it gives to a file and name that")
  }

  @Test func aFileInThePlaceOfAFolder() throws {
    try withFolder { folder in
      try DurableFile.write([1], to: "\(folder)/file")
      let path = "\(folder)/file/inner/x.png"
      #expect(
        errorText { try DurableFile.write([1], to: path) }
          == "\(path): expected to write this file, found: the folder \(folder)/file/inner cannot be made, "
          + "because \(folder)/file is no folder; choose another place with --output")
      #expect(try names(in: folder) == ["file"])
      #expect(try WholeFile.read("\(folder)/file") == [1])
    }
  }

  @Test(.enabled(if: Nobody.canBePlayed, "skipped: root's rights cannot be laid down"))
  func aFolderWithoutPermission() throws {
    try withFolder { folder in
      let path = "\(folder)/file"
      try DurableFile.write([1, 2], to: path)
      chmod(folder, 0o555)
      defer { chmod(folder, 0o755) }
      Nobody.run {
        #expect(
          errorText { try DurableFile.write([3], to: path) }
            == "\(path): expected to write this file, found: permission denied; "
            + "choose another place with --output")
      }
      #expect(try names(in: folder) == ["file"])
      #expect(try WholeFile.read(path) == [1, 2], "a failure changes nothing")
    }
  }

  @Test func writersAtOnceLeaveOneWholeFile() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("file").path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask { try DurableFile.write([UInt8](repeating: UInt8(writer), count: 50_000), to: path) }
      }
      try await group.waitForAll()
    }
    let bytes = try WholeFile.read(path)
    #expect(bytes.count == 50_000)
    #expect(Set(bytes).count == 1)
    #expect(try names(in: folder.path) == ["file"])
  }
}
