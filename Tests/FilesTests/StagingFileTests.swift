import Files
import Foundation
import Testing

@Suite struct StagingFileTests {
  @Test func comesToItsPlaceAtTheEnd() throws {
    try withFolder { folder in
      let path = "\(folder)/a/b"
      let file = try StagingFile(path)
      #expect(file.path == path)
      try file.write([1, 2, 3])
      try file.write([4])
      #expect(!FileManager.default.fileExists(atPath: path))
      let staged = try file.finish()
      #expect(staged.bytes == 4 && staged.path == path)
      #expect(try names(in: "\(folder)/a").count == 1)
      try staged.commit()
      #expect(try names(in: "\(folder)/a") == ["b"] && WholeFile.read(path) == [1, 2, 3, 4])
      // The rights that any new file has.
      close(open("\(folder)/other", O_WRONLY | O_CREAT, 0o666))
      let rights = try [path, "\(folder)/other"].map {
        try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
      }
      #expect(rights[0] == rights[1])
    }
  }

  /// A new content does not open a file to others.
  @Test func keepsTheRightsOfWhatItReplaces() throws {
    try withFolder { folder in
      let path = "\(folder)/b"
      try DurableFile.write([7], to: path)
      for rights in [0o600, 0o640, 0o444] {
        chmod(path, mode_t(rights))
        try DurableFile.write([8], to: path)
        #expect(
          try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == rights)
      }
    }
  }

  @Test func leavesNothingWhenItIsGivenUp() throws {
    try withFolder { folder in
      try DurableFile.write([7], to: "\(folder)/b")
      do {
        let file = try StagingFile("\(folder)/b")
        try file.write(ContiguousArray(repeating: 1, count: 100_000))
      }
      #expect(try names(in: folder) == ["b"] && WholeFile.read("\(folder)/b") == [7])
      let staged = try StagingFile("\(folder)/b").finish()
      staged.discard()
      #expect(try names(in: folder) == ["b"])
    }
  }

  /// A process that is killed while it writes leaves no temporary file: the file has no name yet.
  @Test func hasNoNameUntilItsEnd() throws {
    try withFolder { folder in
      let probe = open(folder, O_WRONLY | O_DIRECTORY | 0o20_000_000, 0o600)
      guard probe >= 0 else { return }
      close(probe)
      let file = try StagingFile("\(folder)/b")
      try file.write([1])
      #expect(try names(in: folder) == [])
      withExtendedLifetime(file) {}
    }
  }
}
