import Images
import Testing
import Weights

@Suite struct PredictFailureTests {
  @Test func noSuchFile() throws {
    let place = try Workplace()
    try expectFailure(
      place, "nowhere.png", "--weights", "w.safetensors",
      says: "nowhere.png: expected a file, found nothing; check the path")
    // A line break in a name is no line break in a message.
    try expectFailure(
      place, "two\nlines.png", "--weights", "w.safetensors",
      says: "two\\nlines.png: expected a file, found nothing; check the path")
  }

  @Test func notAPicture() throws {
    let place = try Workplace()
    try place.write("just words", "text.png")
    try place.write([], "empty.png")
    try place.write([UInt8](repeating: 0, count: 99), "zeros.jpg")
    try expectFailure(
      place, "text.png", "--weights", "w.safetensors",
      says: "text.png: expected a PNG or JPEG image, found text; check that this is the right file")
    try expectFailure(
      place, "empty.png", "--weights", "w.safetensors",
      says: "empty.png: expected a PNG or JPEG image, found an empty file; copy or download it again")
    try expectFailure(
      place, "zeros.jpg", "--weights", "w.safetensors",
      says:
        "zeros.jpg: expected a PNG or JPEG image, found data of an unknown format; check that this is the right "
        + "file")
    try expectFailure(
      place, "-", "--weights", "w.safetensors", input: [],
      says: "standard input: expected a PNG or JPEG image, found an empty file; copy or download it again")
  }

  /// A script that asks for JSON reads there what became of every image, of one too.
  @Test func failuresAsJSON() throws {
    let place = try Workplace()
    try place.write([], "empty.png")
    let says = "expected a PNG or JPEG image, found an empty file; copy or download it again"
    for (arguments, name, input) in [
      (["empty.png"], "empty.png", "empty.png"), (["-", "--output", "m.png"], "standard input", "-"),
    ] {
      let outcome = try Segment.run(
        arguments + ["--weights", "w.safetensors", "--json"], in: place.path, input: [])
      #expect(outcome.status == 1 && outcome.error == "Error: \(name): \(says)\n")
      let images = try #require(try json(outcome)["images"] as? [[String: Any]])
      #expect(images.count == 1)
      #expect(images.first?["input"] as? String == input && images.first?["status"] as? String == "failed")
      #expect(images.first?["error"] as? String == "\(name): \(says)")
    }
    #expect(place.files.contains("empty.png") && !place.exists("m.png"))
  }

  /// Words that are nearly subcommands and name nothing.
  @Test func mistypedSubcommands() throws {
    let place = try Workplace()
    for (word, meant) in [
      ("tran", "train"), ("model", "models"), ("Evaluate", "evaluate"), ("datset", "dataset"),
    ] {
      try expectFailure(
        place, word, "Configs/unet.yaml",
        says:
          "\(word): expected an image, a folder or a subcommand, found none of that name; did you mean 'segment "
          + "\(meant)'?")
    }
    try expectFailure(
      place, "tran", "--weights", "nowhere.safetensors",
      says:
        "tran: expected an image, a folder or a subcommand, found none of that name; did you mean 'segment train'?"
    )
    try expectFailure(
      place, "photos", "--weights", "w.safetensors",
      says: "photos: expected a file, found nothing; check the path")
    try place.picture("a.png")
    try place.write(try #require(place.read("a.png")), "tran")
    #expect(try place.segment("tran", "--weights", "w.safetensors", "--output", "m.png").status == 0)
  }

  @Test(arguments: ["png", "jpg"]) func cutOff(ending: String) throws {
    let place = try Workplace()
    try place.picture("whole.\(ending)", width: 90, height: 80)
    let whole = try #require(place.read("whole.\(ending)"))
    let half = whole.count / 2
    try place.write(Array(whole.prefix(half)), "half.\(ending)")
    let format = ending == "png" ? "PNG" : "JPEG"
    try expectFailure(
      place, "half.\(ending)", "--weights", "w.safetensors", "--output", "out",
      says:
        "half.\(ending): expected a whole \(format), found it cut off after \(half) bytes; copy or download it "
        + "again")
    try expectFailure(
      place, "decode", "half.\(ending)", "--output", "out.safetensors",
      says:
        "half.\(ending): expected a whole \(format), found it cut off after \(half) bytes; copy or download it "
        + "again")
  }

  @Test func models() throws {
    let place = try Workplace()
    try place.picture("a.png")
    try expectFailure(
      place, "a.png", "--model", "nonet",
      says: "--model: expected one of \(knownModels), found 'nonet'; 'segment models' describes them")
    try expectFailure(
      place, "a.png", "--model", "nonet", "--weights", "w.safetensors",
      says: "--model: expected one of \(knownModels), found 'nonet'; 'segment models' describes them")
    try expectFailure(
      place, "a.png", "--model", "resnet18",
      says:
        "resnet18: expected a network that gives every pixel a class, found one that gives an image a class; use "
        + "'segment classify' or 'segment heatmap'")
    try expectFailure(
      place, "a.png", "--model", "nuclei",
      says: "--model: expected an architecture, found 'nuclei', a unet that ships; use --weights nuclei")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--set", "size=4",
      says: "unet: expected an argument of width, depth, deep_supervision, classes, found 'size'")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--set", "depth=9",
      says: "unet: expected depth of 1…7, found '9'")
  }

  @Test func weights() throws {
    let place = try Workplace()
    try place.picture("a.png")
    try place.checkpoint("deep.safetensors", depth: 2)
    try place.checkpoint("foreign.safetensors", isForeign: true)
    var other = try Checkpoint.read("\(place.path)/w.safetensors")
    other.architecture = "nonet"
    try other.write(to: "\(place.path)/other.safetensors")
    try place.write("no tensors at all", "text.safetensors")
    try expectFailure(
      place, "a.png", "--weights", "nowhere.safetensors",
      says: "nowhere.safetensors: expected a file, found nothing; check the path")
    try expectFailure(
      place, "a.png", "--weights", "foreign.safetensors",
      says:
        "foreign.safetensors: expected a checkpoint that names its architecture, found bare weights; name it with "
        + "--model")
    try expectFailure(
      place, "a.png", "--weights", "other.safetensors", "--model", "unet",
      says: "other.safetensors: expected weights of unet, found those of nonet; use --model nonet")
    try expectFailure(
      place, "a.png", "--weights", "other.safetensors",
      says:
        "other.safetensors: tessera.architecture: expected one of \(knownModels), found 'nonet'; 'segment models' "
        + "describes them")
    try expectFailure(
      place, "a.png", "--weights", "deep.safetensors", "--set", "depth=1",
      says: "deep.safetensors: expected the 34 parameters of unet, found 22 unexpected "
        + "(down2.maxpool_conv.1.double_conv.0.weight, down2.maxpool_conv.1.double_conv.1.bias, "
        + "down2.maxpool_conv.1.double_conv.1.running_mean, …), 12 of another shape (up1.up.weight: expected "
        + "[4, 2, 2, 2], found [8, 4, 2, 2]; up1.up.bias: expected [2], found [4]; up1.conv.double_conv.0.weight: "
        + "expected [2, 4, 3, 3], found [4, 8, 3, 3]; …); use the model and the "
        + "arguments, such as classes, that the file was made for"
    )
    try expectFailure(
      place, "a.png", "--weights", "foreign.safetensors", "--model", "unet", "--set", "width=1", "--set",
      "depth=1",
      says: "foreign.safetensors: expected the 34 parameters of unet, found 33 of another shape "
        + "(inc.double_conv.0.weight: expected [1, 3, 3, 3], found [2, 3, 3, 3]; inc.double_conv.1.weight: expected "
        + "[1], found [2]; inc.double_conv.1.bias: expected [1], found [2]; …); use the model and the arguments, "
        + "such as classes, that the file was made for")
    try expectFailure(
      place, "a.png", "--weights", "text.safetensors",
      says:
        "text.safetensors: expected a safetensors or PyTorch file, found text; check that this is the right file"
    )
    // Which models ship is no matter of this test.
    let unknown = try place.segment("a.png", "--weights", "nosuchmodel")
    #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.errorLines.count == 1)
    #expect(unknown.error.hasPrefix("Error: nosuchmodel: expected a file or a model that ships, found "))
  }

  @Test func outputs() throws {
    let place = try Workplace()
    for name in ["a.png", "b.png", "in/c.png"] { try place.picture(name) }
    try place.write("", "taken")
    try expectFailure(
      place, "a.png", "b.png", "--weights", "w.safetensors", "--output", "m.png",
      says: "m.png: expected a folder for 2 results, found the name of a file; name a folder with --output")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--output", "m.png", "--format", "mask,color",
      says: "m.png: expected a folder for 2 results, found the name of a file; name a folder with --output")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--output", "m.jpg",
      says: "--output: expected a name that ends in .png for the format mask, or a folder, found 'm.jpg'")
    try expectFailure(
      place, "a.png", "--weights", "w.safetensors", "--output", "taken/m.png",
      says:
        "taken/m.png: expected to write this file, found: the folder taken cannot be made, because taken is no folder; choose another place "
        + "with --output")
    try expectFailure(
      place, "-", "--weights", "w.safetensors", "--format", "mask,json",
      says:
        "standard output: expected a folder for 2 results, found the name of a file; name a folder with --output"
    )
  }

  @Test func anEmptyFolder() throws {
    let place = try Workplace()
    try place.write("", "in/notes.txt")
    try expectFailure(
      place, "in", "--weights", "w.safetensors",
      says: "in: expected PNG or JPEG images, found none; name a folder that has some")
  }
}
