import Files
import Foundation
import Testing

@Suite struct FolderLockTests {
  @Test func oneAtATime() throws {
    try withFolder { folder in
      var lock: FolderLock? = try FolderLock(folder)
      #expect(throws: FileError.inUse(folder: folder)) { try FolderLock(folder) }
      withExtendedLifetime(lock) {}
      lock = nil
      _ = try FolderLock(folder)
    }
  }

  @Test func noFolder() {
    #expect(throws: FileError.cannotRead(path: "/nowhere", reason: "no such file or directory")) {
      try FolderLock("/nowhere")
    }
  }

  @Test func keepsTheOldFile() throws {
    try withFolder { folder in
      let (path, old) = ("\(folder)/a", "\(folder)/a.old")
      for content in [[1], [2], [3]] as [[UInt8]] {
        try DurableFile.write(content, to: path, keepingOldAs: old)
      }
      #expect(try WholeFile.read(path) == [3] && WholeFile.read(old) == [2])
      // A write that fails changes neither: nothing can be renamed onto a folder.
      let taken = "\(folder)/taken"
      try DurableFile.makeFolder("\(taken)/inner")
      #expect(throws: FileError.self) { try DurableFile.write([4], to: path, keepingOldAs: taken) }
      #expect(try WholeFile.read(path) == [3] && names(in: folder).sorted() == ["a", "a.old", "taken"])
    }
  }

  @Test func removesWhatACrashLeft() throws {
    try withFolder { folder in
      for name in [
        "state.12-77.part", "part", "a.part", "a.1-x.part", "a.1-2-3.part", ".1-2.part", "b.1-2.parts",
      ] {
        try DurableFile.write([1], to: "\(folder)/\(name)")
      }
      DurableFile.removeLeftovers(in: folder)
      #expect(
        try names(in: folder).sorted() == ["a.1-2-3.part", "a.1-x.part", "a.part", "b.1-2.parts", "part"])
      DurableFile.removeLeftovers(in: "/nowhere")
    }
  }
}
