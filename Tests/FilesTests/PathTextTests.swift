import Files
import Testing

/// The parts of a path, by hand.
@Suite struct PathTextTests {
  @Test(arguments: [
    ("a/b/c.png", "a/b", "c.png", "png", "a/b/c"),
    ("a", "", "a", "", "a"),
    ("", "", "", "", ""),
    ("/", "", "", "", "/"),
    ("/a", "/", "a", "", "/a"),
    ("//a", "/", "a", "", "//a"),
    ("a/", "", "a", "", "a/"),
    ("a//b.PNG", "a", "b.PNG", "PNG", "a//b"),
    (".", "", ".", "", "."),
    ("..", "", "..", "", ".."),
    ("a.", "", "a.", "", "a."),
    (".png", "", ".png", "", ".png"),
    ("x.tar.gz", "", "x.tar.gz", "gz", "x.tar"),
    ("a.b/c", "a.b", "c", "", "a.b/c"),
    ("ä/é.jpg", "ä", "é.jpg", "jpg", "ä/é"),
    // A mark that joins the slash before it into one letter.
    ("a/\u{301}b.png", "a", "\u{301}b.png", "png", "a/\u{301}b"),
    ("a.\u{301}png", "", "a.\u{301}png", "\u{301}png", "a"),
  ])
  func parts(path: String, folder: String, name: String, ending: String, stem: String) {
    #expect(Array(path.parentFolder.utf8) == Array(folder.utf8))
    #expect(Array(path.fileName.utf8) == Array(name.utf8))
    #expect(Array(path.fileExtension.utf8) == Array(ending.utf8))
    #expect(Array(path.withoutFileExtension.utf8) == Array(stem.utf8))
  }

  @Test func pathsAreJoined() {
    #expect("a".appendingPath("b/c") == "a/b/c")
    #expect("a/".appendingPath("b") == "a/b")
    #expect("/".appendingPath("b") == "/b")
    #expect("".appendingPath("b") == "b")
  }
}
