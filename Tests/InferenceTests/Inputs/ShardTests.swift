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
  private func read(_ text: [UInt8], endsWithNull: Bool = false) throws -> PathList {
    var list: PathList?
    try withFolder { folder in
      try DurableFile.write(text, to: "\(folder)/list")
      list = try PathList("\(folder)/list", endsWithNull: endsWithNull)
    }
    return try #require(list)
  }

  @Test func lines() throws {
    #expect(try read(Array("a.png\n\nb c.png\r\n  d.png".utf8)).paths == ["a.png", "b c.png", "  d.png"])
    #expect(try read([]).paths.isEmpty)
  }

  @Test func nullBytes() throws {
    let list = try read(Array("a\nb.png\0c\r.png\0".utf8), endsWithNull: true)
    #expect(list.paths == ["a\nb.png", "c\r.png"] && list.unreadable.isEmpty)
    #expect(
      message { _ = try read([97, 0, 98, 10]) }
        .hasSuffix(
          "list: expected a path on each line, found null bytes; use --null for paths that end with them"))
  }

  /// A line that is no text is told, and the others go on.
  @Test func noText() throws {
    let lines = try read([97, 10, 0x62, 0xFF, 10, 99])
    #expect(lines.paths == ["a", "c"] && lines.unreadable == ["b\\xff"])
    let nulls = try read([0xC3, 0, 97, 0], endsWithNull: true)
    #expect(nulls.paths == ["a"] && nulls.unreadable == ["\\xc3"])
    let items = try InputCollection([], listed: ["a.png"], unreadable: ["d/b\\xff.png"], output: "out").items
    #expect(items.map(\.problem) == [nil, .name(path: "d/b\\xff.png")])
    #expect(
      message { _ = try PathList("/nowhere/list", endsWithNull: false) }
        == "/nowhere/list: expected a file, found nothing; check the path")
  }
}
