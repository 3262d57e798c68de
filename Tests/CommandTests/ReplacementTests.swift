import Files
import Foundation
import Images
import Testing

/// What results may replace, and what is known of them from other folders.
@Suite struct ReplacementTests {
  private let options = ["--weights", "w.safetensors"]

  /// Results of earlier calls are made anew, in every format; a mask that somebody made is not.
  @Test func oneImage() throws {
    let place = try Workplace()
    try place.picture("a.png")
    let formats = "mask,color,overlay,cutout,json,probabilities,probability-maps"
    for _ in 0..<2 {
      let outcome = try place.segment("a.png", "--weights", "w.safetensors", "--format", formats)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
    }
    #expect(place.files.count == 2 + 8)
    for name in ["a.mask.png", "a.classes.json", "a.probabilities.block.png", "a.probabilities.safetensors"] {
      try FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
      if name.hasSuffix(".png") { try place.picture(name) } else { try place.write("{\"mine\": 1}", name) }
      let own = place.read(name)
      let refused = try place.segment("a.png", "--weights", "w.safetensors", "--format", formats)
      #expect(refused.status == 1)
      #expect(
        refused.error
          == "Error: \(name): expected a free name, or the image's result of an earlier run, found another file; move it, "
          + "choose another --output, or replace it with --overwrite\n")
      #expect(place.read(name) == own)
      let replaced = try place.segment(
        "a.png", "--weights", "w.safetensors", "--format", formats, "--overwrite")
      #expect(replaced.status == 0 && place.read(name) != own)
    }
    try place.picture("mine.png")
    let named = try place.segment("a.png", "--weights", "w.safetensors", "--output", "mine.png")
    #expect(named.status == 0 && place.read("mine.png") == place.read("a.mask.png"))
    try place.picture("standard-input.mask.png")
    let input = try place.segment(
      "-", "--weights", "w.safetensors", "--output", ".", input: place.read("a.png") ?? [])
    #expect(input.status == 1 && input.error.contains("standard-input.mask.png: expected a free name"))
  }

  /// Several folders without one for the results have no manifest.
  @Test func severalFolders() throws {
    let place = try Workplace()
    for name in ["one/a.png", "two/b.png", "two/b.mask.png"] { try place.picture(name) }
    let own = place.read("two/b.mask.png")
    for _ in 0..<2 {
      let outcome = try place.segment("one", "two", "--weights", "w.safetensors")
      #expect(outcome.status == 2 && outcome.error.contains("two/b.mask.png: expected a free name"))
      #expect(place.read("two/b.mask.png") == own && place.exists("one/a.mask.png"))
    }
  }

  /// The same job, told from other folders, and from where everything was moved.
  @Test func fromAnotherFolder() throws {
    let place = try Workplace()
    for name in ["in/a.png", "in/b/a.png"] { try place.picture(name, width: 5 + name.count) }
    func run(in folder: String, _ input: String, _ output: String, _ weights: String, _ more: String...)
      throws
      -> Segment.Outcome
    {
      try Segment.run(
        [input, "--output", output, "--weights", weights] + more, in: "\(place.path)/\(folder)", input: [])
    }
    func manifest() throws -> [[String: Any]] {
      let lines = String(decoding: place.read("out/manifest.jsonl") ?? [], as: UTF8.self).split(
        separator: "\n")
      return try lines.map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    }
    #expect(try run(in: ".", "in", "out", "w.safetensors").status == 0)
    for _ in 0..<2 {
      for (folder, input, output, weights) in [
        ("in", ".", "../out", "../w.safetensors"), ("in/b", "..", "../../out", "../../w.safetensors"),
        (".", "in", "out", "w.safetensors"), (".", "\(place.path)/in", "out", "w.safetensors"),
      ] {
        let outcome = try run(in: folder, input, output, weights)
        #expect(
          outcome.errorLines == ["2 of 2 files skipped, whose results stand; --overwrite does them again"])
        let lines = try manifest()
        #expect(lines.map { $0["status"] as? String } == ["skipped", "skipped"])
        #expect(lines[1]["input"] as? String == "\(input)/b/a.png")
        #expect(lines[1]["outputs"] as? [String] == ["\(output)/b/a.mask.png"])
        let real = try #require(place.path.realPath)
        #expect(lines[1]["directory"] as? String == (folder == "." ? real : "\(real)/\(folder)"))
      }
    }
    // What another call wrote elsewhere in the words of its own folder is known to be the picture's result.
    #expect(try run(in: "in", ".", "../out", "../w.safetensors", "--format", "json").status == 0)
    #expect(try run(in: ".", "in", "out", "w.safetensors", "--min-area", "2").status == 0)
    try DurableFile.makeFolder("\(place.path)/moved")
    for name in ["in", "out", "w.safetensors"] {
      try FileManager.default.moveItem(atPath: "\(place.path)/\(name)", toPath: "\(place.path)/moved/\(name)")
    }
    let moved = try run(in: "moved", "in", "out", "w.safetensors", "--min-area", "2")
    #expect(moved.errorLines.first?.hasPrefix("2 of 2 files skipped") == true)
  }

  /// Results among files that a pattern names.
  @Test func aPatternTwice() throws {
    let place = try Workplace()
    for name in ["a.png", "b.png", "c.png", "c.mask.png"] { try place.picture(name) }
    #expect(try Segment.run(["a.png", "b.png"] + options, in: place.path, input: []).status == 0)
    let again = try Segment.run(
      ["a.mask.png", "a.png", "b.mask.png", "b.png"] + options, in: place.path, input: [])
    #expect(again.status == 0)
    #expect(
      again.errorLines == ["left out a.mask.png and 1 more, results of other images that were given"])
    #expect(!place.exists("a.mask.mask.png"))
    // One that somebody made is an image, and so is a result by itself.
    #expect(
      try Segment.run(["c.mask.png", "a.mask.png"] + options, in: place.path, input: []).error.isEmpty)
    #expect(place.exists("c.mask.mask.png") && place.exists("a.mask.mask.png"))
  }

  @Test func picturesOfOtherFormats() throws {
    let place = try Workplace()
    try place.picture("in/a.png")
    for name in ["in/b.tif", "in/c/d.TIF", "in/c/e.webp", "in/notes.txt"] { try place.write("words", name) }
    let outcome = try place.segment("in", "--weights", "w.safetensors", "--output", "out")
    #expect(outcome.status == 0)
    #expect(outcome.errorLines == ["left out 2 .tif, 1 .webp files, which are no PNG or JPEG images"])
    let none = try place.segment("in/c", "--weights", "w.safetensors", "--output", "out")
    #expect(none.status == 1)
    #expect(
      none.error
        == "Error: in/c: expected PNG or JPEG images, found 1 .tif, 1 .webp files; save them as PNG or JPEG\n"
    )
  }

  /// Two cameras that count alike, into one folder.
  @Test func theSameNamesFromTwoFolders() throws {
    let place = try Workplace()
    for (name, width) in [("one/1.png", 9), ("two/1.png", 30)] { try place.picture(name, width: width) }
    for (folder, status) in [("one", 0), ("two", 2), ("one", 0)] {
      let outcome = try Segment.run(
        [".", "--output", "../out", "--weights", "../w.safetensors"], in: "\(place.path)/\(folder)", input: []
      )
      #expect(outcome.status == Int32(status))
      #expect((folder == "two") == outcome.error.contains("../out/1.mask.png: expected a free name"))
      #expect(try MaskReader.read("\(place.path)/out/1.mask.png").width == 9)
    }
    // So does a manifest above the results.
    for (name, width) in [("all/in/1.png", 9), ("three/1.png", 7)] { try place.picture(name, width: width) }
    #expect(try place.segment("all", "--output", "far", "--weights", "w.safetensors").status == 0)
    let above = try place.segment("three/1.png", "--output", "far/in", "--weights", "w.safetensors")
    #expect(above.status == 1 && above.error.contains("far/in/1.mask.png: expected a free name"))
    #expect(try MaskReader.read("\(place.path)/far/in/1.mask.png").width == 9)
    // One of another program is none.
    try place.write("{\"audio\": \"a.wav\"}\n", "other/manifest.jsonl")
    for output in ["other/in", "other"] {
      #expect(try place.segment("three/1.png", "--output", output, "--weights", "w.safetensors").status == 0)
    }
  }

  /// A mask that somebody corrected is theirs, whatever a manifest says of it.
  @Test func aCorrectedMask() throws {
    let place = try Workplace()
    for name in ["in/a.png", "in/b.png"] { try place.picture(name) }
    let call = ["in", "--output", "out", "--weights", "w.safetensors"]
    #expect(try Segment.run(call, in: place.path, input: []).status == 0)
    try place.picture("out/a.mask.png", width: 40)
    let corrected = place.read("out/a.mask.png")
    for more in [[], ["--min-area", "3"]] {
      let outcome = try Segment.run(call + more, in: place.path, input: [])
      #expect(outcome.status == 2 && outcome.error.contains("out/a.mask.png: expected a free name"))
      #expect(place.read("out/a.mask.png") == corrected)
    }
    #expect(try Segment.run(call + ["--overwrite"], in: place.path, input: []).status == 0)
    #expect(place.read("out/a.mask.png") != corrected)
  }

  /// Results of one size are not the same results.
  @Test func anotherCallsResultOfTheSameSize() throws {
    let place = try Workplace()
    try place.picture("in/a.png")
    let call = ["--output", "out", "--weights", "w.safetensors", "--format", "probabilities"]
    let result = "out/a.probabilities.safetensors"
    #expect(try Segment.run(["in"] + call, in: place.path, input: []).status == 0)
    let plain = place.read(result)
    #expect(try Segment.run(["in/a.png", "--tta", "flips"] + call, in: place.path, input: []).status == 0)
    #expect(place.read(result)?.count == plain?.count && place.read(result) != plain)
    #expect(try Segment.run(["in"] + call, in: place.path, input: []).error.isEmpty)
    #expect(place.read(result) == plain)
  }

  /// What a link at a result's place leads to is no more ours than a file.
  @Test func links() throws {
    let place = try Workplace()
    for (index, name) in ["a", "b", "c"].enumerated() {
      try place.picture("in/\(name).png", width: 9 + 40 * index)
    }
    symlink("a.png", "\(place.path)/in/a.mask.png")
    let own = place.read("in/a.png")
    let one = try place.segment("in/a.png", "--weights", "w.safetensors", "--overwrite")
    #expect(
      one.status == 1 && one.error.contains("found an image that was given, too")
        && place.read("in/a.png") == own)
    let call = ["in", "--output", "out", "--weights", "w.safetensors"]
    try FileManager.default.removeItem(atPath: "\(place.path)/in/a.mask.png")
    #expect(try Segment.run(call, in: place.path, input: []).status == 0)
    try FileManager.default.removeItem(atPath: "\(place.path)/out/b.mask.png")
    symlink("c.mask.png", "\(place.path)/out/b.mask.png")
    let other = place.read("out/c.mask.png")
    let job = try Segment.run(call, in: place.path, input: [])
    #expect(job.status == 2 && job.error.contains("out/b.mask.png: expected a free name"))
    #expect(place.read("out/c.mask.png") == other)
    symlink("../in/b.png", "\(place.path)/out/new.mask.png")
    try place.picture("in/new.png")
    let picture = place.read("in/b.png")
    #expect(try Segment.run(call + ["--overwrite"], in: place.path, input: []).status == 2)
    #expect(place.read("in/b.png") == picture)
  }

  /// A picture that a link leads to as well is done once, and numbered results are no pictures.
  @Test func twoWaysToAPicture() throws {
    let place = try Workplace()
    for name in ["in/later/a.png", "in/b.jpg", "in/b.png", "in/b.png.png"] { try place.picture(name) }
    symlink("later", "\(place.path)/in/early")
    for output in [["--output", "out"], []] {
      for round in 0..<3 {
        let outcome = try Segment.run(
          ["in", "--weights", "w.safetensors"] + output, in: place.path, input: [])
        #expect(outcome.status == 0)
        #expect((outcome.errorLines.first?.hasPrefix("4 of 4 files skipped") == true) == (round > 0))
      }
    }
    #expect(
      place.exists("out/later/a.mask.png") && !place.exists("out/early")
        && place.exists("in/b.png-2.mask.png"))
  }
}
