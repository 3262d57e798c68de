import Foundation
import Images
import Testing
import Weights

@Suite struct PredictTests {
  @Test func onePicture() throws {
    let place = try Workplace()
    try place.picture("a.png")
    let outcome = try place.segment("a.png", "--weights", "w.safetensors")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(place.files == ["a.mask.png", "a.png", "w.safetensors"])
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.first == "a.png (17×11) → a.mask.png")
    let mask = try MaskReader.read("\(place.path)/a.mask.png")
    #expect(mask.width == 17 && mask.height == 11)
    for (index, name) in ["ground", "block"].enumerated() {
      let count = mask.values.count { Int($0) == index }
      #expect(count == 0 || lines.contains { $0.contains(name) && $0.contains(" \(count) px") })
    }
  }

  @Test func everyFormat() throws {
    let place = try Workplace()
    try place.picture("a.jpg")
    let outcome = try place.segment(
      "predict", "a.jpg", "--weights", "w.safetensors", "--output", "out", "--format",
      "mask,overlay,color,probabilities,json", "--json", "--threads", "1")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let results = ["classes.json", "color.png", "mask.png", "overlay.png", "probabilities.safetensors"].map {
      "out/a.\($0)"
    }
    #expect(place.files == ["a.jpg"] + results + ["w.safetensors"])
    let value = try json(outcome)
    #expect(Set(value.keys) == ["model", "images"])
    let image = try #require((value["images"] as? [[String: Any]])?.first)
    #expect(Set(image.keys) == ["input", "status", "outputs", "width", "height", "classes", "ms"])
    #expect((image["outputs"] as? [String]).map(Set.init) == Set(results))
    #expect(image["width"] as? Int == 17 && image["height"] as? Int == 11)
    let shares = (image["classes"] as? [[String: Any]])?.compactMap { $0["pixels"] as? Int } ?? []
    #expect(shares.reduce(0, +) == 17 * 11)
  }

  @Test func optionsOfThePrediction() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 60, height: 40)
    let done = try place.segment(
      "a.png", "--weights", "w.safetensors", "--output", "out", "--format", "mask,cutout,probability-maps",
      "--classes", "block", "--min-area", "20", "--threshold", "0.4", "--tta", "flips,scales", "--max-memory",
      "1GiB")
    #expect(done.status == 0 && done.error.isEmpty)
    #expect(
      place.files == [
        "a.png", "out/a.cutout.png", "out/a.mask.png", "out/a.probabilities.block.png", "w.safetensors",
      ])
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--classes", "car",
      says: "--classes: expected a class, ground, block, or an index of 0…1, found 'car'")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--max-memory", "10M",
      says:
        "a.png: expected at most 10 MiB of memory, found a need of 49 MiB for 60×40 pixels; raise --max-memory, ask "
        + "for fewer formats, or use a smaller picture")
  }

  /// A picture that takes much of the memory: results row by row, or a refusal that says what would help.
  @Test func aLargePicture() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 801, height: 2003)
    let call = ["a.png", "--weights", "w.safetensors", "--output", "out", "--json", "--max-memory"]
    let done = try Segment.run(call + ["62MiB", "--format", "mask,overlay"], in: place.path)
    #expect(done.status == 0 && done.error.isEmpty)
    #expect(place.files == ["a.png", "out/a.mask.png", "out/a.overlay.png", "w.safetensors"])
    let image = try #require((try json(done)["images"] as? [[String: Any]])?.first)
    let classes = (image["classes"] as? [[String: Any]])?.compactMap { $0["pixels"] as? Int } ?? []
    let labels = try MaskReader.read("\(place.path)/out/a.mask.png").values
    #expect(classes == [labels.count { $0 == 0 }, labels.count { $0 == 1 }])
    #expect(classes.reduce(0, +) == 801 * 2003)
    let refused = try Segment.run(call + ["53MiB", "--format", "json"], in: place.path)
    #expect(refused.status == 1)
    #expect(
      refused.error.hasSuffix(
        " MiB for 801×2003 pixels; raise --max-memory, leave out --format json (mask, color, overlay and cutout need "
          + "strips of a picture only), or use a smaller picture\n"))
  }

  /// Results of an earlier run are no pictures.
  @Test func probabilityMapsInAFolder() throws {
    let place = try Workplace()
    try place.picture("in/a.png")
    for _ in 0..<2 {
      let outcome = try place.segment("in", "--weights", "w.safetensors", "--format", "probability-maps")
      #expect(outcome.status == 0)
      #expect(
        place.files == [
          "in/a.png", "in/a.probabilities.block.png", "in/a.probabilities.ground.png", "in/manifest.jsonl",
          "w.safetensors",
        ])
    }
  }

  @Test func outputIsAFile() throws {
    let place = try Workplace()
    try place.picture("a.png")
    #expect(try place.segment("a.png", "--weights", "w.safetensors", "--output", "out/m.png").status == 0)
    #expect(
      try place.segment(
        "a.png", "--weights", "w.safetensors", "--output", "p.safetensors", "--format", "probabilities"
      ).status == 0)
    #expect(place.files == ["a.png", "out/m.png", "p.safetensors", "w.safetensors"])
    #expect(
      try SafetensorsReader.read("\(place.path)/p.safetensors").entry("probabilities")?.shape == [2, 11, 17])
  }

  @Test func aFolder() throws {
    let place = try Workplace()
    for name in ["in/a.png", "in/b/c.jpg"] { try place.picture(name) }
    for _ in 0..<2 {
      #expect(try place.segment("in", "--weights", "w.safetensors", "--output", "out").status == 0)
      #expect(
        place.files == [
          "in/a.png", "in/b/c.jpg", "out/a.mask.png", "out/b/c.mask.png", "out/manifest.jsonl",
          "w.safetensors",
        ])
    }
  }

  /// In a folder of a job, one picture by itself replaces its own result alone, or what --output or --overwrite names.
  @Test func onePictureAmongThoseOfAJob() throws {
    let place = try Workplace()
    for name in ["in/a.png", "in/b.png"] { try place.picture(name) }
    try place.picture("other/a.png", width: 9, height: 9)
    func one(_ arguments: String...) throws -> Segment.Outcome {
      try Segment.run(arguments + ["--weights", "w.safetensors"], in: place.path)
    }
    #expect(try one("in").status == 0)
    try place.picture("in/c.png")
    try place.write("drawn by hand", "in/c.mask.png")
    for (picture, output, result) in [
      ("in/c.png", "", "in/c.mask.png"), ("other/a.png", "in", "in/a.mask.png"),
    ] {
      let before = place.read(result)
      let call = [picture] + (output.isEmpty ? [] : ["--output", output]) + ["--weights", "w.safetensors"]
      let outcome = try Segment.run(call, in: place.path)
      #expect(outcome.status == 1)
      #expect(
        outcome.error
          == "Error: \(result): expected a free name, or the image's result of an earlier run, found another file; "
          + "move it, choose another --output, or replace it with --overwrite\n")
      #expect(place.read(result) == before)
    }
    #expect(try one("in/a.png").status == 0)
    #expect(try one("other/a.png", "--output", "in/b.mask.png").status == 0)
    #expect(try one("in/c.png", "--overwrite").status == 0)
    #expect(place.read("in/c.mask.png") != Array("drawn by hand".utf8))
    // Where no job was, results are made anew.
    for _ in 0..<2 { #expect(try one("other/a.png").status == 0) }
  }

  @Test func sameBytesOnAnyThreads() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 61, height: 47)
    var results: [[UInt8]?] = []
    for threads in ["1", "2", "3"] {
      _ = try place.segment(
        "a.png", "--weights", "w.safetensors", "--output", "\(threads).safetensors", "--format",
        "probabilities",
        "--threads", threads)
      results.append(place.read("\(threads).safetensors"))
    }
    #expect(results[0] != nil && results[1] == results[0] && results[2] == results[0])
  }

  @Test func standardInput() throws {
    let place = try Workplace()
    let bytes = try PictureWriter.png(Workplace.raster())
    let outcome = try place.segment("-", "--weights", "w.safetensors", input: bytes)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let mask = try MaskReader.decode(outcome.output, name: "standard output")
    #expect(mask.width == 17 && mask.height == 11)
    #expect(place.files == ["w.safetensors"])
    let named = try place.segment("-", "--weights", "w.safetensors", "--output", "m.png", input: bytes)
    #expect(named.text.hasPrefix("- (17×11) → m.png\n"))
    #expect(place.read("m.png") == outcome.output)
  }

  @Test func foreignWeights() throws {
    let place = try Workplace()
    try place.picture("a.png")
    try place.checkpoint("foreign.safetensors", isForeign: true)
    let outcome = try place.segment(
      "a.png", "--weights", "foreign.safetensors", "--model", "unet", "--set", "width=2", "--set", "depth=1")
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("class "))
  }

  /// One bad file of three: the others are done, and the status says so.
  @Test func aBatchWithABadFile() throws {
    let place = try Workplace()
    for name in ["in/a.png", "in/c.png"] { try place.picture(name) }
    try place.write("no picture", "in/b.png")
    let outcome = try place.segment("in", "--weights", "w.safetensors", "--output", "out")
    #expect(outcome.status == 2)
    #expect(
      place.files.filter { $0.hasPrefix("out") } == [
        "out/a.mask.png", "out/c.mask.png", "out/manifest.jsonl",
      ])
    #expect(
      outcome.errorLines == [
        "Error: in/b.png: expected a PNG or JPEG image, found text; check that this is the right file",
        "1 of 3 files failed",
      ])
    let report = try place.segment("in", "--weights", "w.safetensors", "--output", "out", "--json")
    #expect(report.status == 2)
    let images = try #require(try json(report)["images"] as? [[String: Any]])
    #expect(images.map { $0["error"] != nil } == [false, true, false])
  }
}
