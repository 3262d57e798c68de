import Images
import Testing

@Suite struct DatasetCommandTests {
  @Test func synthesizeTwiceGivesTheSameBytes() throws {
    let place = try Workplace()
    for folder in ["a", "b"] {
      let outcome = try place.segment(
        "dataset", "synthesize", "streets", "--count", "5", "--size", "48x64", "--seed", "9", "--output",
        folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      #expect(outcome.text == "5 scenes → \(folder)/dataset.yaml\n")
    }
    let names = place.files.filter { $0.hasPrefix("a/") }.map { String($0.dropFirst(2)) }
    #expect(names.count == 11)
    for name in names { #expect(place.read("a/\(name)") == place.read("b/\(name)")) }
    let image = try ImageReader.read("\(place.path)/a/images/00000.png")
    #expect(image.height == 48 && image.width == 64)
    #expect(place.read("a/images/00000.png") != place.read("a/images/00001.png"))
  }

  @Test func failures() throws {
    let place = try Workplace()
    try expectFailure(
      place, "dataset", "synthesize", "forests", "--output", "out",
      says: "scenes: expected one of streets, found 'forests'")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--size", "8x64", "--output", "out",
      says: "height: expected a whole number in 16…4096, found 8")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--count", "0", "--output", "out",
      says: "count: expected a whole number in 1…100000, found 0")
    try place.picture("full/images/a.png")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--output", "full",
      says:
        "full/images: expected an empty folder to write scenes to, found pictures; choose another with --output"
    )
  }
}
