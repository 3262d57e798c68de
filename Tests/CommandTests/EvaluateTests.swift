import Foundation
import Testing
import Weights

@Suite struct EvaluateTests {
  @Test func jsonValue() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment("evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let value = try json(outcome)
    #expect(
      Set(value.keys) == [
        "model", "data", "images", "mean_iou", "frequency_weighted_iou", "pixel_accuracy", "class_accuracy",
        "dice", "foreground_dice",
        "boundary_f1", "iou", "classes", "confusion",
      ])
    #expect(value["data"] as? String == "halves/val" && value["images"] as? Int == 2)
    let confusion = try #require(value["confusion"] as? [[Int]])
    #expect(confusion.flatMap(\.self).reduce(0, +) == 2 * 256)
    // Halves of 4 and of 10 columns.
    #expect(confusion[1].reduce(0, +) == 14 * 16)
    let right = Double(confusion[0][0] + confusion[1][1]) / 512
    #expect(value["pixel_accuracy"] as? Double == right)
    #expect((value["classes"] as? [[String: Any]])?.count == 2)
  }

  @Test func table() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment(
      "evaluate", "--data", "set.yaml", "--split", "train", "--weights", "w.safetensors", "--threads", "1")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.first == "w.safetensors on halves/train, 4 images")
    for name in ["ground", "block", "mean IoU"] { #expect(lines.contains { $0.contains(name) }) }
    #expect(place.files.allSatisfy { !$0.contains("out") })
  }

  @Test func objects() throws {
    let place = try Workplace()
    try place.dataset()
    let call = ["evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--objects"]
    let outcome = try Segment.run(call + ["block", "--json"], in: place.path)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let objects = try #require(try json(outcome)["objects"] as? [String: Any])
    // One bright half in each of two images.
    #expect(objects["name"] as? String == "block" && objects["expected"] as? Int == 2)
    let text = try Segment.run(call + ["1"], in: place.path)
    #expect(text.text.split(separator: "\n").last?.hasPrefix("regions of block: ") == true)
    #expect(text.text.contains(" of 2 found ("))
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--objects", "cat",
      says: "--objects: expected a class, ground, block, or an index of 0…1, found 'cat'")
  }

  @Test func failures() throws {
    let place = try Workplace()
    try place.dataset()
    try expectFailure(
      place, "evaluate", "--data", "nowhere.yaml", "--weights", "w.safetensors",
      says: "nowhere.yaml: expected a file, found nothing; check the path")
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--split", "test", "--weights", "w.safetensors",
      says: "set.yaml: expected one of the splits train, val, found 'test'")
    var three = try Checkpoint.read("\(place.path)/w.safetensors")
    three.arguments["classes"] = "3"
    try three.write(to: "\(place.path)/three.safetensors")
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "three.safetensors",
      says:
        "three.safetensors: expected the 34 parameters of unet, found 2 of another shape (outc.conv.weight: "
        + "expected [3, 2, 1, 1], found [2, 2, 1, 1]; outc.conv.bias: expected [3], found [2]); use the model and the "
        + "arguments, such as classes, that the file was made for")
  }
}
