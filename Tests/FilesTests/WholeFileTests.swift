import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
  private func put(_ bytes: [UInt8], at path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func readsEveryByte() throws {
    try withFolder { folder in
      for count in [0, 1, 255, 4096, 1_000_003] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try put(bytes, at: "\(folder)/file")
        #expect(try WholeFile.read("\(folder)/file") == bytes)
        #expect(try WholeFile.read("\(folder)/file", limit: count) == bytes)
      }
      symlink("\(folder)/file", "\(folder)/link")
      #expect(try WholeFile.read("\(folder)/link").count == 1_000_003)
    }
  }

  @Test func tooLarge() throws {
    try withFolder { folder in
      let path = "\(folder)/file"
      try put([1, 2, 3], at: path)
      #expect(throws: FileError.tooLarge(path: path, bytes: 3, limit: 2)) {
        try WholeFile.read(path, limit: 2)
      }
      #expect(
        errorText { _ = try WholeFile.read(path, limit: 2) } == "\(path): expected at most 2 bytes, found 3")
      // A file of 1 TiB that takes no room: the limit must come before the memory.
      #expect(truncate(path, 1 << 40) == 0)
      #expect(throws: FileError.tooLarge(path: path, bytes: 1 << 40, limit: 1 << 32)) {
        try WholeFile.read(path)
      }
    }
  }

  @Test func nothingThere() throws {
    try withFolder { folder in
      let path = "\(folder)/missing.png"
      #expect(throws: FileError.notFound(path: path)) { try WholeFile.read(path) }
      #expect(
        errorText { _ = try WholeFile.read(path) }
          == "\(path): expected a file, found nothing; check the path")
      symlink("\(folder)/nowhere", "\(folder)/dangling")
      #expect(throws: FileError.notFound(path: "\(folder)/dangling")) {
        try WholeFile.read("\(folder)/dangling")
      }
      #expect(throws: FileError.notFound(path: "")) { try WholeFile.read("") }
    }
  }

  @Test func aFolder() throws {
    try withFolder { folder in
      #expect(throws: FileError.notAFile(path: folder, isFolder: true)) { try WholeFile.read(folder) }
      #expect(
        errorText { _ = try WholeFile.read(folder) }
          == "\(folder): expected a file, found a folder; name a file in it")
    }
  }

  @Test(.timeLimit(.minutes(1))) func aPipeDoesNotHang() throws {
    try withFolder { folder in
      let path = "\(folder)/pipe"
      try #require(mkfifo(path, 0o600) == 0)
      #expect(throws: FileError.notAFile(path: path, isFolder: false)) { try WholeFile.read(path) }
      #expect(
        errorText { _ = try WholeFile.read(path) }
          == "\(path): expected a file, found a pipe or device; save what it gives to a file and name that")
    }
  }

  @Test(.timeLimit(.minutes(1))) func aDeviceIsNoFile() {
    #expect(throws: FileError.notAFile(path: "/dev/zero", isFolder: false)) {
      try WholeFile.read("/dev/zero")
    }
  }

  @Test func belowAFile() throws {
    try withFolder { folder in
      try put([1], at: "\(folder)/file")
      let path = "\(folder)/file/inner"
      #expect(
        errorText { _ = try WholeFile.read(path) }
          == "\(path): expected a readable file, found: not a directory")
    }
  }

  @Test(.enabled(if: Nobody.canBePlayed, "skipped: root's rights cannot be laid down"))
  func withoutPermission() throws {
    try withFolder { folder in
      let path = "\(folder)/secret"
      try put([1], at: path)
      chmod(path, 0)
      Nobody.run {
        #expect(
          errorText { _ = try WholeFile.read(path) }
            == "\(path): expected a readable file, found: permission denied")
      }
    }
  }
}
