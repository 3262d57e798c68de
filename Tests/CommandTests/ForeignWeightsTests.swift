import Foundation
import Segmentation
import TensorCore
import Testing
import Weights

/// Files of PyTorch's, backbones of classifiers, and several checkpoints at once.
@Suite struct ForeignWeightsTests {
  @Test func predictsFromAFileOfPyTorch() throws {
    let place = try Workplace()
    try place.picture("a.png")
    let parameters = try Checkpoint.read("\(place.path)/w.safetensors").parameters
    try place.pytorch(
      "w.pth", Dictionary(uniqueKeysWithValues: parameters.map { ("module.\($0.key)", $0.value) }))
    let sets = ["--set", "width=2", "--set", "depth=1", "--set", "classes=2"]
    let own = try Segment.run(
      ["a.png", "--model", "unet", "--weights", "w.safetensors", "--output", "own.png"] + sets, in: place.path
    )
    let foreign = try Segment.run(
      ["a.png", "--model", "unet", "--weights", "w.pth", "--output", "foreign.png"] + sets, in: place.path)
    #expect(own.status == 0 && foreign.status == 0 && foreign.error.isEmpty)
    #expect(place.read("foreign.png") != nil)
    let exported = try place.segment("export", "w.pth", "--output", "e.safetensors", "--type", "f32")
    #expect(exported.status == 0)
    let copy = try Checkpoint.read("\(place.path)/e.safetensors").parameters
    #expect(copy["module.outc.conv.weight"] == parameters["outc.conv.weight"])
    try expectFailure(
      place, "a.png", "--weights", "w.pth",
      says:
        "w.pth: expected a checkpoint that names its architecture, found bare weights; name it with --model")
    try expectFailure(
      place, "a.png", "--model", "unet", "--weights", "nowhere.pth",
      says: "nowhere.pth: expected a file, found nothing; check the path")
    try place.write([0x80, 2] + Array("cos\nsystem\n(X\u{5}\0\0\0touchtR.".utf8), "bad.pth")
    try expectFailure(
      place, "a.png", "--model", "unet", "--weights", "bad.pth",
      says: "bad.pth: expected tensors only, found a call of 'os.system'; save the parameters alone, "
        + "torch.save(model.state_dict(), 'model.pth')")
  }

  @Test func trainsOnABackbone() throws {
    let place = try Workplace()
    try place.dataset()
    let resnet = try NetworkRegistry.graph("unet-resnet18", arguments: ["width": "1", "decoder_width": "1"])
    let names = try resnet.initialParameters(seed: 9).filter { $0.key.hasPrefix("encoder.") }
    var classifier = Dictionary(uniqueKeysWithValues: names.map { (String($0.key.dropFirst(8)), $0.value) })
    classifier["fc.weight"] = Tensor(zeros: [1000, 8])
    classifier["fc.bias"] = Tensor(zeros: [1000])
    try place.pytorch("resnet18.pth", classifier)
    let model = ["--set", "model={name: unet-resnet18, width: 1, decoder_width: 1}"]
    let said = "resnet18.pth: loaded \(names.count) parameters of the backbone; "
    let flagged = try Segment.run(
      ["train", "recipe.yaml", "--output", "out", "--init-backbone", "resnet18.pth"] + model, in: place.path)
    #expect(flagged.status == 0)
    #expect(flagged.errorLines.first?.hasPrefix(said) == true)
    #expect(flagged.errorLines.first?.hasSuffix("left out 2 (fc.bias, fc.weight)") == true)
    let named = try Segment.run(
      ["train", "recipe.yaml", "--output", "named", "--set", "initial_backbone=resnet18.pth"] + model,
      in: place.path)
    #expect(named.status == 0 && place.read("named/last.safetensors") == place.read("out/last.safetensors"))
    let fresh = try Segment.run(["train", "recipe.yaml", "--output", "fresh"] + model, in: place.path)
    #expect(fresh.status == 0 && place.read("fresh/last.safetensors") != place.read("out/last.safetensors"))
  }

  @Test func refusesBackbonesThatDoNotFit() throws {
    let place = try Workplace()
    try place.dataset()
    try place.pytorch("c.pth", ["fc.weight": Tensor(zeros: [3, 8])])
    try expectFailure(
      place, "train", "recipe.yaml", "--init-backbone", "c.pth",
      says:
        "unet: expected a network that is built on a classifier, found one of its own; start it from a checkpoint "
        + "of its own with 'initial' in the recipe")
    try expectFailure(
      place, "train", "recipe.yaml", "--init-backbone", "c.pth", "--set", "initial=w.safetensors",
      says: "recipe.yaml: expected one of initial and initial_backbone, found both; leave one out")
    let other = try place.segment(
      "train", "recipe.yaml", "--init-backbone", "c.pth", "--set", "model={name: unet-resnet18, width: 1}")
    #expect(other.status == 1 && other.errorLines.count == 1)
    #expect(
      other.error.hasPrefix(
        "Error: c.pth: expected the 100 parameters of unet-resnet18's backbone, found 100 missing ("))
  }

  /// What people give by mistake: a page that a download saved, a picture, a pointer of Git LFS.
  @Test(arguments: [
    ("<!DOCTYPE html>\n<html><title>Not found</title></html>", "an HTML page"), ("hello", "text"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer"),
    ("GIF89a\u{1}\0\u{1}\0", "a GIF image"), ("\u{1F}\u{8B}\u{8}\0\0\0\0\0\0\0", "a gzip archive"),
  ]) func filesOfOtherKindsAreNamed(start: String, kind: String) throws {
    let place = try Workplace()
    try place.picture("a.png")
    try place.write(start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, "w.pth")
    for command in [["predict", "a.png"], ["export", "w.pth", "--output", "o.safetensors"]] {
      let arguments = command[0] == "predict" ? ["--weights", "w.pth", "--model", "unet"] : []
      let outcome = try Segment.run(command + arguments, in: place.path)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.error
          == "Error: w.pth: expected a safetensors or PyTorch file, found \(kind); check that this is "
          + "the right file\n")
    }
  }

  @Test func picturesAreNoWeights() throws {
    let place = try Workplace()
    for (name, kind) in [("a.png", "a PNG image"), ("a.jpg", "a JPEG image")] {
      try place.picture(name)
      try expectFailure(
        place, name, "--weights", name,
        says:
          "\(name): expected a safetensors or PyTorch file, found \(kind); check that this is the right file")
      try expectFailure(
        place, "run", "unet", "--input", name, "--output", "o.safetensors",
        says: "\(name): expected a safetensors file, found \(kind); check that this is the right file")
    }
  }

  /// A checkpoint's own words are not the user's arguments.
  @Test func whatACheckpointSaysIsReportedWithItsFile() throws {
    let place = try Workplace()
    try place.picture("a.png")
    var checkpoint = try Checkpoint.read("\(place.path)/w.safetensors")
    checkpoint.architecture = "unet3"
    try checkpoint.write(to: "\(place.path)/u.safetensors")
    try expectFailure(
      place, "a.png", "--weights", "u.safetensors",
      says:
        "u.safetensors: tessera.architecture: expected one of \(knownModels), found 'unet3'; 'segment models' "
        + "describes them")
    checkpoint.architecture = "unet"
    checkpoint.arguments["width"] = "many"
    try checkpoint.write(to: "\(place.path)/u.safetensors")
    try expectFailure(
      place, "a.png", "--weights", "u.safetensors",
      says: "u.safetensors: unet: expected width of 1…512, found 'many'")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--set", "width=many",
      says: "unet: expected width of 1…512, found 'many'")
  }

  @Test func averagesCheckpoints() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png")
    let one = try place.segment("classify", "a.png", "--weights", "mlp.safetensors", "--json")
    let two = try place.segment(
      "classify", "a.png", "--weights", "mlp.safetensors", "--weights", "mlp.safetensors", "--json")
    #expect(two.status == 0 && two.error.isEmpty)
    #expect(try json(two)["model"] as? String == "mlp.safetensors, mlp.safetensors")
    #expect(try (json(one)["images"] as? NSArray) == (json(two)["images"] as? NSArray))
    let mask = try place.segment(
      "a.png", "--weights", "w.safetensors", "--weights", "w.safetensors", "--output", "two.png")
    #expect(mask.status == 0)
    #expect(try place.segment("a.png", "--weights", "w.safetensors", "--output", "one.png").status == 0)
    #expect(place.read("one.png") == place.read("two.png"))
  }

  @Test func evaluatesTheMean() throws {
    let place = try Workplace()
    try place.dataset()
    var other = try Checkpoint.read("\(place.path)/w.safetensors")
    let one = try place.segment("evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--json")
    let two = try place.segment(
      "evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--weights", "w.safetensors", "--json")
    #expect(two.status == 0)
    #expect(try (json(two)["confusion"] as? NSArray) == (json(one)["confusion"] as? NSArray))
    other.normalization = .unit
    try other.write(to: "\(place.path)/n.safetensors")
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--weights", "n.safetensors",
      says:
        "n.safetensors: expected the normalisation of w.safetensors, found another; evaluate them one by one")
    other.classes = ["block", "ground"]
    try other.write(to: "\(place.path)/c.safetensors")
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "w.safetensors", "--weights", "c.safetensors",
      says:
        "c.safetensors: expected the 2 classes of w.safetensors (ground, block), found 2 (block, ground); average "
        + "checkpoints of the same classes")
  }
}
