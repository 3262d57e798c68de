import Files
import Foundation
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
    // Numbers do not meet a name either.
    #expect(
      Set(try stems(["a/x.png", "b/x.png", "c/x.png-2", "d/x.png"], output: "out")).count == 4)
  }

  @Test func oneFileNamedTwiceIsOne() throws {
    #expect(try stems(["x.png", "x.png", "x.png"]) == ["x"])
    // Texts that look alike are files of their own when their bytes differ.
    #expect(try stems(["\u{E9}.png", "e\u{301}.png"]).count == 2)
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

  /// It is told, and what lies in it is found all the same.
  @Test func aFolderWithAPicturesName() throws {
    try withFolder { folder in
      try make(["a.png/b.png"], in: folder)
      #expect(try stems([folder]) == ["\(folder)/a", "\(folder)/a.png/b"])
    }
  }

  @Test func whatIsNoFile() throws {
    try withFolder { folder in
      try make(["a.png"], in: folder)
      mkfifo("\(folder)/pipe.png", 0o600)
      symlink("nowhere", "\(folder)/dangling.jpg")
      #expect(try stems([folder]) == ["a", "dangling", "pipe"].map { "\(folder)/\($0)" })
    }
  }

  @Test func linksToFolders() throws {
    try withFolder { folder in
      try make(["in/a.png", "other/b.png"], in: folder)
      symlink("../other", "\(folder)/in/link")
      symlink("..", "\(folder)/in/loop")
      symlink(".", "\(folder)/other/self")
      symlink("in", "\(folder)/root")
      let expected = ["a", "link/b"]
      #expect(
        try stems(["\(folder)/in"], output: "out").filter { !$0.contains("loop") }
          == expected.map { "out/\($0)" })
      // A link upwards shows what else lies there, but nothing twice.
      #expect(try stems(["\(folder)/in"], output: "out").count == 2)
      #expect(try stems(["\(folder)/root"], output: "out").count == 2)
    }
  }

  /// Among n folders that all hold links to each other there are more than n! ways.
  @Test func foldersThatAreAllLinked() throws {
    try withFolder { folder in
      for index in 0..<12 {
        try make(["\(index)/a.png"], in: folder)
        for other in 0..<12 where other != index { symlink("../\(other)", "\(folder)/\(index)/to-\(other)") }
      }
      // Each picture once, where it lies.
      #expect(try Set(stems([folder], output: "out")) == Set((0..<12).map { "out/\($0)/a" }))
    }
  }

  @Test func whatIsHiddenIsLeftOut() throws {
    try withFolder { folder in
      try make(["a.png", "._a.png", ".thumbs/a.png", "b/.c.jpg"], in: folder)
      #expect(try stems([folder]) == ["\(folder)/a"])
      // Named by itself it is a picture like any other.
      #expect(try stems(["\(folder)/.thumbs/a.png"]) == ["\(folder)/.thumbs/a"])
    }
  }

  /// What is called as a result there is one, also of a picture that is gone; a picture in it is a picture.
  @Test func theOutputFolderInAnInputFolder() throws {
    try withFolder { folder in
      try make(
        [
          "a.png", "masks/a.mask.png", "masks/gone.mask.png", "masks/own.png", "masks/deep/b.heatmap.png",
          "masks.png/b.png",
        ], in: folder)
      #expect(
        try stems([folder], output: "\(folder)/masks")
          == ["a", "masks", "masks.png/b", "masks/own"].map { "\(folder)/masks/\($0)" })
      #expect(try stems([folder], output: folder).count == 7)
    }
  }

  @Test func aResultOfAFormatThatIsNoneIsAPicture() throws {
    try withFolder { folder in
      try make(["a.png", "a.probabilities.png", "a.probabilities.sky.png"], in: folder)
      #expect(try stems([folder]) == ["a", "a.probabilities"].map { "\(folder)/\($0)" })
    }
  }

  /// One file however it is spelt, and one result for one picture.
  @Test func spellings() throws {
    try withFolder { folder in
      try make(["in/x.png", "in/x.jpg"], in: folder)
      symlink("in", "\(folder)/link")
      #expect(
        try stems(["\(folder)/in/x.png", "\(folder)/./in//x.png", "\(folder)/link/../in/x.png"])
          == ["\(folder)/in/x"])
      #expect(
        try stems(["\(folder)/in/x.png", "\(folder)/link/x.jpg"])
          == ["\(folder)/in/x.png", "\(folder)/link/x.jpg"])
      #expect(try stems(["\(folder)/in", "\(folder)/in/x.png"]).count == 2)
    }
    #expect(try stems(["xx.png", "./xx.jpg", "a/../xx.jpeg"]) == ["xx.png", "./xx.jpg", "a/../xx.jpeg"])
    let here = FileManager.default.currentDirectoryPath
    #expect(try stems(["xx.png", "\(here)/xx.jpg"]) == ["xx.png", "\(here)/xx.jpg"])
  }

  @Test func namesThatAreNoText() throws {
    try withFolder { folder in
      try make(["a.png"], in: folder)
      for bytes in [[0xFF], [0xFE], [0x63, 0xE9]] as [[UInt8]] {
        for ending in [".png", ".txt"] {
          let path = Array("\(folder)/".utf8) + bytes + Array("\(ending)\0".utf8)
          let file = path.withUnsafeBufferPointer { pointer in
            pointer.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
          }
          #expect(file >= 0)
          close(file)
        }
      }
      let items = try InputCollection([folder], output: nil).items
      #expect(items.map(\.input) == ["\\xfe", "\\xff", "a", "c\\xe9"].map { "\(folder)/\($0).png" })
      #expect(items.map { $0.problem != nil } == [true, true, false, true])
    }
  }

  /// The same names in every list.
  @Test func listedFilesKeepTheirPath() throws {
    func stems(_ files: [String], root: String? = nil) throws -> [String] {
      try InputCollection([], listed: files, root: root, output: "out").items.map(\.stem)
    }
    #expect(try stems(["a.png"]) == ["out/a"])
    #expect(try stems(["x/a.png"]) == ["out/x/a"])
    #expect(try stems(["in/a.png", "./in//b/../c.png"]) == ["out/in/a", "out/in/c"])
    #expect(try stems(["\(FileManager.default.currentDirectoryPath)/in/a.png"]) == ["out/in/a"])
    #expect(try stems(["/d/in/a.png", "/d/a.png"]) == ["out/d/in/a", "out/d/a"])
    #expect(try stems(["in/a", "in/a/b.png"]) == ["out/in/a", "out/in/a/b"])
    #expect(try stems(["/d/in/a.png", "/d/in/b/c.png"], root: "/d/in") == ["out/a", "out/b/c"])
    #expect(try stems(["in/a.png", "./in/b/c.png"], root: "./in/") == ["out/a", "out/b/c"])
    #expect(try stems(["/d/a.png"], root: "/") == ["out/d/a"])
    // One beside the root is a problem of its own; a root that none lies in is a mistake.
    let items = try InputCollection([], listed: ["in/a.png", "inside/b.png"], root: "in", output: "out").items
    #expect(items.map(\.problem) == [nil, .outsideRoot(path: "inside/b.png", root: "in")])
    #expect(items[0].stem == "out/a")
    #expect(
      message { try stems(["x/a.png", "inside/b.png"], root: "in") }
        == "x/a.png: expected a path below --root in, found one beside it; name a folder that has all listed images"
    )
    #expect(try InputCollection([], listed: ["x/a.png"], output: nil).items.map(\.stem) == ["x/a"])
  }

  @Test func theFolderOfAllResults() throws {
    try withFolder { folder in
      try make(["a.png"], in: folder)
      #expect(try InputCollection([folder], output: nil).folder == folder)
      #expect(try InputCollection([folder], output: "out").folder == "out")
      #expect(try InputCollection([folder, "b.png"], output: nil).folder == nil)
      #expect(try InputCollection(["b.png"], output: nil).folder == nil)
      #expect(try InputCollection([], listed: ["b.png"], output: nil).folder == nil)
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
