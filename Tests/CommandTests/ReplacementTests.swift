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
    for name in ["in/a.png", "in/b/c.png"] { try place.picture(name) }
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
        #expect(lines[1]["input"] as? String == "\(input)/b/c.png")
        #expect(lines[1]["outputs"] as? [String] == ["\(output)/b/c.mask.png"])
        let real = try #require(place.path.realPath)
        #expect(lines[1]["directory"] as? String == (folder == "." ? real : "\(real)/\(folder)"))
      }
    }
    // What another call wrote elsewhere in the words of its own folder is known to be the picture's result.
    #expect(try run(in: "in", ".", "../out", "../w.safetensors", "--format", "json").status == 0)
    try place.write("lost", "out/a.mask.png")
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
}
