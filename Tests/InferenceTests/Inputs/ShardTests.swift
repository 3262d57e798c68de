import Files
import Inference
import Testing

@Suite struct ShardTests {
  @Test(arguments: [1, 2, 3, 7, 100]) func partsCoverAllAndAreApart(count: Int) throws {
    let items = Array(0..<50)
    var seen: [Int] = []
    for index in 1...count {
      let part = try Shard("\(index)/\(count)").part(of: items)
      #expect(part == part.sorted())
      #expect(part.count == 50 / count || part.count == 50 / count + 1)
      seen += part
    }
    #expect(seen.sorted() == items)
  }

  /// Arrays that count from 0 name every part once too.
  @Test func zeroIsTheLast() throws {
    #expect(try Shard("0/4") == Shard("4/4"))
    #expect(try Shard("1/4") != Shard("2/4"))
  }

  @Test(arguments: [
    "", "1", "1/", "/2", "3/2", "-1/2", "1/0", "0/0", "a/b", "1/2/3", "1/99999999999", " 1/2",
  ])
  func nonsense(text: String) {
    #expect(
      message { try Shard(text) } == "--shard: expected I/N with I of 1…N, such as 1/8, found '\(text)'")
  }
}

@Suite struct PathListTests {
  private func read(_ text: [UInt8], endsWithNull: Bool = false) throws -> [String] {
    var paths: [String] = []
    try withFolder { folder in
      try DurableFile.write(text, to: "\(folder)/list")
      paths = try PathList.read("\(folder)/list", endsWithNull: endsWithNull)
    }
    return paths
  }

  @Test func lines() throws {
    #expect(try read(Array("a.png\n\nb c.png\r\n  d.png".utf8)) == ["a.png", "b c.png", "  d.png"])
    #expect(try read([]).isEmpty)
  }

  @Test func nullBytes() throws {
    #expect(try read(Array("a\nb.png\0c\r.png\0".utf8), endsWithNull: true) == ["a\nb.png", "c\r.png"])
  }

  @Test func noText() throws {
    for (bytes, isNull, found) in [
      (
        [97, 10, 0xFF, 10], false,
        "line 2, found bytes that are no UTF-8 text; use --null for paths that end with null bytes"
      ),
      (
        [97, 0, 98, 10], false,
        "line 1, found bytes that are no UTF-8 text; use --null for paths that end with null bytes"
      ),
      ([0xC3, 0], true, "entry 1, found bytes that are no UTF-8 text"),
    ] as [([UInt8], Bool, String)] {
      #expect(
        message { try read(bytes, endsWithNull: isNull) }.hasSuffix("list: expected a path in \(found)"))
    }
    #expect(
      message { try PathList.read("/nowhere/list", endsWithNull: false) }
        == "/nowhere/list: expected a file, found nothing; check the path")
  }
}
