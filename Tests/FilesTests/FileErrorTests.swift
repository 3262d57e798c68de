import Files
import Testing

@Suite struct FileErrorTests {
  @Test func texts() {
    #expect("\(FileError.notFound(path: "a.png"))" == "a.png: expected a file, found nothing; check the path")
    #expect(
      "\(FileError.notAFile(path: "a", isFolder: true))"
        == "a: expected a file, found a folder; name a file in it")
    #expect(
      "\(FileError.notAFile(path: "a", isFolder: false))"
        == "a: expected a file, found a pipe or device; save what it gives to a file and name that")
    #expect(
      "\(FileError.cannotRead(path: "a", reason: "permission denied"))"
        == "a: expected a readable file, found: permission denied")
    #expect(
      "\(FileError.cannotWrite(path: "a", reason: "no space left on device"))"
        == "a: expected to write this file, found: no space left on device; "
        + "choose another place with --output")
    #expect(
      "\(FileError.inUse(folder: "a"))"
        == "a: expected a folder that no other process works in, found one at work; wait for its end or choose "
        + "another --output")
    #expect(
      "\(FileError.tooLarge(path: "a", bytes: 12, limit: 10))" == "a: expected at most 10 bytes, found 12")
  }
}
