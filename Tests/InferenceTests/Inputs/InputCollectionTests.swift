import Files
import Inference
import Testing

@Suite struct InputCollectionTests {
  private func make(_ names: [String], in folder: String) throws {
    for name in names { try DurableFile.write([1], to: "\(folder)/\(name)") }
  }

  private func stems(_ paths: [String], output: String? = nil) throws -> [String] {
    try InputCollection(paths, output: output).items.map(\.stem)
  }

  @Test func besideThePicture() throws {
    #expect(try InputCollection(["a/b.png"], output: nil).items.map(\.input) == ["a/b.png"])
    #expect(try stems(["a/b.png"]) == ["a/b"])
    #expect(try stems(["b.tar.jpg", "/x/noextension"]) == ["b.tar", "/x/noextension"])
  }

  @Test func inAFolder() throws {
    #expect(try stems(["a/b.png", "c.jpeg"], output: "out") == ["out/b", "out/c"])
  }

  @Test func aTreeIsMirrored() throws {
    try withFolder { folder in
      try make(["b.png", "a/x.JPG", "a/deep/y.jpeg", "a/notes.txt", "z.gif"], in: folder)
      let items = try InputCollection([folder], output: "out").items
      #expect(items.map(\.input) == ["a/deep/y.jpeg", "a/x.JPG", "b.png"].map { "\(folder)/\($0)" })
      #expect(items.map(\.stem) == ["out/a/deep/y", "out/a/x", "out/b"])
      #expect(try stems([folder]) == ["a/deep/y", "a/x", "b"].map { "\(folder)/\($0)" })
      #expect(try stems(["\(folder)/"], output: "out/") == ["out/a/deep/y", "out/a/x", "out/b"])
    }
  }

  @Test func sharedStemsKeepTheirExtension() throws {
    #expect(try stems(["x.png", "x.jpg", "y.png"]) == ["x.png", "x.jpg", "y"])
    // The third picture's own name is what the first gets.
    #expect(try stems(["x.png", "x.jpg", "x.png.png"]) == ["x.png", "x.jpg", "x.png-2"])
    #expect(try stems(["a/x.png", "b/x.png"], output: "out") == ["out/x.png", "out/x.png-2"])
    #expect(Set(try stems(["x.png", "x.png", "x.png"])).count == 3)
  }

  @Test func resultsOfEarlierRunsAreNoPictures() throws {
    try withFolder { folder in
      try make(["a.png", "a.mask.png", "a.overlay.png", "a.color.png", "b.mask.jpg", "mask.png"], in: folder)
      #expect(try stems([folder]) == ["a", "b.mask", "mask"].map { "\(folder)/\($0)" })
      // Named by itself, a result is a picture like any other.
      #expect(try stems(["\(folder)/a.mask.png"]) == ["\(folder)/a.mask"])
    }
  }

  /// A camera's colour frame is called like a result, but no picture of its stem lies beside it.
  @Test func picturesThatAreCalledAsResults() throws {
    try withFolder { folder in
      try make(["frame-0.color.png", "frame-0.depth.png"], in: folder)
      #expect(try stems([folder]).count == 2)
    }
  }

  @Test func aFolderWithAPicturesName() throws {
    try withFolder { folder in
      try make(["a.png/b.png"], in: folder)
      #expect(try stems([folder]) == ["\(folder)/a.png/b"])
    }
  }

  @Test func aFolderWithoutPictures() throws {
    try withFolder { folder in
      try make(["notes.txt"], in: folder)
      #expect(
        message { try InputCollection(["b.png", folder], output: nil) }
          == "\(folder): expected PNG or JPEG images, found none; name a folder that has some")
    }
  }
}
