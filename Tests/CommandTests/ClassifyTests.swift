import Foundation
import Testing

@Suite struct ClassifyTests {
  @Test func onePicture() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png")
    let before = place.files
    let outcome = try place.segment("classify", "a.png", "--weights", "mlp.safetensors", "--top", "2")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "a.png")
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") && $0.hasSuffix(" %") })
    #expect(place.files == before)
    let all = try place.segment("classify", "a.png", "--weights", "mlp.safetensors", "--model", "mlp")
    #expect(["cat", "dog", "bird"].allSatisfy(all.text.contains))
  }

  @Test func asJSON() throws {
    let place = try Workplace()
    try place.classifier()
    for name in ["in/a.png", "in/b/c.jpg"] { try place.picture(name) }
    var outputs: [[UInt8]] = []
    for threads in ["1", "3"] {
      let outcome = try place.segment(
        "classify", "in", "--weights", "mlp.safetensors", "--json", "--threads", threads)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      outputs.append(outcome.output)
      let value = try json(outcome)
      #expect(Set(value.keys) == ["model", "images"] && value["model"] as? String == "mlp.safetensors")
      let images = try #require(value["images"] as? [[String: Any]])
      #expect(images.map { $0["input"] as? String } == ["in/a.png", "in/b/c.jpg"])
      for image in images {
        let classes = try #require(image["classes"] as? [[String: Any]])
        #expect(classes.count == 3 && Set(classes[0].keys) == ["index", "name", "probability"])
        let probabilities = classes.compactMap { $0["probability"] as? Double }
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
        #expect(probabilities == probabilities.sorted(by: >))
      }
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func aBatchWithABadFile() throws {
    let place = try Workplace()
    try place.classifier()
    for name in ["in/a.png", "in/c.png"] { try place.picture(name) }
    try place.write("no picture", "in/b.png")
    let outcome = try place.segment("classify", "in", "--weights", "mlp.safetensors")
    #expect(outcome.status == 2)
    #expect(outcome.text.contains("in/a.png\n") && outcome.text.contains("in/c.png\n"))
    #expect(
      outcome.errorLines == [
        "Error: in/b.png: expected a PNG or JPEG image, found text; check that this is the right file",
        "1 of 3 files failed",
      ])
  }

  @Test(arguments: ["classify", "heatmap"]) func failures(command: String) throws {
    let place = try Workplace()
    try place.classifier()
    try place.classifier("foreign.safetensors", isForeign: true)
    try place.picture("a.png")
    try expectFailure(
      place, command, "nowhere.png", "--weights", "mlp.safetensors",
      says: "nowhere.png: expected a file, found nothing; check the path")
    try expectFailure(
      place, command, "a.png", "--weights", "w.safetensors",
      says:
        "unet: expected a network that gives an image a class, found one that gives every pixel a class; use "
        + "'segment predict'")
    try expectFailure(
      place, command, "a.png", "--weights", "foreign.safetensors",
      says:
        "foreign.safetensors: expected a checkpoint that names its architecture, found bare weights; name it with "
        + "--model")
    try expectFailure(
      place, command, "a.png", "--weights", "mlp.safetensors", "--set", "classes=4",
      says:
        "mlp.safetensors: expected the 6 parameters of mlp, found 2 of another shape (fc3.weight: expected "
        + "[4, 4], found [3, 4]; fc3.bias: expected [4], found [3]); use the model and the arguments, "
        + "such as classes, that the file was made for")
    try expectFailure(
      place, command, "a.png", "--model", "nonet", "--weights", "mlp.safetensors",
      says: "--model: expected one of \(knownModels), found 'nonet'; 'segment models' describes them")
  }

  @Test func aClassifierIsNoSegmenter() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png")
    try expectFailure(
      place, "a.png", "--weights", "mlp.safetensors",
      says:
        "mlp: expected a network that gives every pixel a class, found one that gives an image a class; use "
        + "'segment classify' or 'segment heatmap'")
  }
}
