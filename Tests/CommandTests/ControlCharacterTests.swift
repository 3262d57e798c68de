import Foundation
import TensorCore
import Testing
import Weights

/// Names in files must not reach a terminal as anything but text.
@Suite struct ControlCharacterTests {
  @Test func classesOfADataset() throws {
    let place = try Workplace()
    try place.dataset()
    let text = String(decoding: try #require(place.read("set.yaml")), as: UTF8.self)
    try place.write(text.replacingOccurrences(of: "block]", with: #""blo\e[31mck"]"#), "set.yaml")
    try expectFailure(
      place, "train", "recipe.yaml",
      says:
        #"set.yaml: expected a name without control characters under 'classes[1]', found 'blo\u{1B}[31mck'"#)
    try place.write(text.replacingOccurrences(of: "name: halves", with: #"name: "ha\e[2Jlves""#), "set.yaml")
    let outcome = try place.segment("evaluate", "--data", "set.yaml", "--weights", "w.safetensors")
    #expect(outcome.status == 0 && outcome.text.contains(#"ha\u{1B}[2Jlves"#))
    #expect(!outcome.output.contains(0x1B))
  }

  /// A checkpoint of elsewhere, whose header was written by hand.
  @Test func classesOfACheckpoint() throws {
    let place = try Workplace()
    try place.picture("a.png")
    let checkpoint = try Checkpoint.read("\(place.path)/w.safetensors")
    try SafetensorsWriter.write(
      checkpoint.parameters,
      metadata: [
        "tessera.format": "1", "tessera.architecture": "unet",
        "tessera.classes": #"["\u001b]0;x\u0007","b"]"#,
        "tessera.arguments": #"{"width":"2","depth":"1","classes":"2"}"#,
      ], to: "\(place.path)/c.safetensors")
    try expectFailure(
      place, "a.png", "--weights", "c.safetensors",
      says:
        #"c.safetensors: tessera.classes: expected names without control characters, found \u{1B}]0;x\u{07}"#)
  }

  @Test func foldersOfClasses() throws {
    let place = try Workplace()
    try place.picture("train/a\u{1B}[1mb/1.png")
    try place.write(
      """
      name: pets
      format: folders
      root: .
      splits:
        train: {images: train}
      """, "set.yaml")
    let outcome = try place.segment("dataset", "check", "set.yaml")
    #expect(outcome.status == 1 && !(outcome.output + Array(outcome.error.utf8)).contains(0x1B))
    #expect((outcome.text + outcome.error).contains("expected names of classes without control characters"))
  }
}
