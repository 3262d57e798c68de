import Files
import Foundation
import Testing

@Suite struct OpenFileTests {
  @Test func anyPart() throws {
    try withFolder { folder in
      let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try DurableFile.write(bytes, to: "\(folder)/a")
      let file = try OpenFile("\(folder)/a")
      #expect(try file.size() == 70_000)
      for place in [0..<1, 5..<5, 69_999..<70_000, 100..<66_000, 0..<70_000] {
        #expect(try file.read(place) == Array(bytes[place]))
      }
      #expect(try file.read(69_990..<80_000) == Array(bytes[69_990...]))
      #expect(try file.read(80_000..<80_010) == [])
      // Whoever replaces the file leaves the old one to those who have it open.
      try DurableFile.write([1], to: "\(folder)/a")
      #expect(try file.size() == 70_000 && file.read(1..<3) == [7, 14])
    }
  }

  @Test func whatIsNoFile() throws {
    try withFolder { folder in
      #expect(errorText { _ = try OpenFile("\(folder)/none") }.hasSuffix("found nothing; check the path"))
      #expect(
        errorText { _ = try OpenFile(folder) }
          == "\(folder): expected a file, found a folder; name a file in it")
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      #expect(
        errorText { _ = try OpenFile("\(folder)/pipe") }
          == "\(folder)/pipe: expected a file, found a pipe or device; save what it gives to a file and name that"
      )
    }
  }
}
