import Foundation
import Images
import Testing

@Suite struct HeatmapTests {
  @Test func besideThePicture() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.jpg")
    let before = place.files
    let outcome = try place.segment("heatmap", "a.jpg", "--weights", "mlp.safetensors")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(Set(place.files).subtracting(before) == ["a.heatmap.png"])
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == 2 && lines[0] == "a.jpg (17×11) → a.heatmap.png")
    #expect(["cat", "dog", "bird"].contains { lines[1].hasPrefix("  \($0)  mean ") })
    #expect(lines[1].hasSuffix(" % of 10×4 cells"))
    let picture = try ImageReader.read("\(place.path)/a.heatmap.png")
    #expect(picture.width == 17 && picture.height == 11 && picture.channels == 3)
    // A folder's heat maps are no pictures of it.
    let classified = try place.segment("classify", ".", "--weights", "mlp.safetensors", "--json")
    #expect((try json(classified)["images"] as? [Any])?.count == 1)
  }

  @Test func asJSON() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png", width: 40, height: 30)
    var files: [[UInt8]?] = []
    for (threads, name) in [("1", "dog"), ("3", "1")] {
      let outcome = try place.segment(
        "heatmap", "a.png", "--model", "mlp", "--weights", "mlp.safetensors", "--class", name, "--output",
        "out/\(threads).png", "--json", "--threads", threads)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      let value = try json(outcome)
      #expect(
        Set(value.keys) == [
          "model", "input", "output", "width", "height", "index", "name", "mean", "peak", "size", "stride",
          "cells",
        ])
      #expect(value["name"] as? String == "dog" && value["index"] as? Int == 1)
      #expect(value["size"] as? [Int] == [8, 8] && value["stride"] as? [Int] == [1, 1])
      let cells = try #require(value["cells"] as? [[Double]])
      #expect(cells.count == 23 && cells.allSatisfy { $0.count == 33 })
      let largest = cells.joined().max() ?? 0
      #expect(abs(largest - (value["peak"] as? Double ?? -1)) < 1e-6)
      files.append(place.read("out/\(threads).png"))
    }
    #expect(files[0] != nil && files[0] == files[1])
  }

  @Test func failures() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png")
    try place.picture("small.png", width: 17, height: 7)
    try expectFailure(
      place, "heatmap", "small.png", "--weights", "mlp.safetensors",
      says:
        "small.png: expected a picture of at least 8×8 pixels, the size of the network's training, found 17×7; "
        + "enlarge it, or use 'segment classify'")
    try expectFailure(
      place, "heatmap", "a.png", "--weights", "mlp.safetensors", "--class", "fish",
      says: "--class: expected a class, cat, dog, bird, or an index of 0…2, found 'fish'")
    try expectFailure(
      place, "heatmap", "a.png", "--weights", "mlp.safetensors", "--output", "a.png",
      says: "a.png: expected another file for the result than the picture, found the picture; name one with "
        + "--output")
    try place.write("", "taken")
    try expectFailure(
      place, "heatmap", "a.png", "--weights", "mlp.safetensors", "--output", "taken/m.png",
      says:
        "taken/m.png: expected to write this file, found: the folder taken cannot be made, because taken is no folder; choose another place "
        + "with --output")
  }
}
