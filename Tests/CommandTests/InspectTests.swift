import Foundation
import Images
import Testing

@Suite struct InspectTests {
  private func isPNG(_ bytes: [UInt8]?) -> Bool { bytes?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true }

  private func isPage(_ bytes: [UInt8]?) -> Bool {
    bytes.map { String(decoding: $0, as: UTF8.self).hasPrefix("<!DOCTYPE html>") } == true
  }

  @Test func receptiveField() throws {
    let place = try Workplace()
    let field = try place.segment(
      "inspect", "receptive-field", "unet", "--weights", "w.safetensors", "--layer",
      "down1.maxpool_conv.1.double_conv.0", "--size", "32x40", "--json")
    #expect(field.status == 0 && field.error.isEmpty)
    let value = try json(field)
    #expect(
      Set(value.keys) == [
        "model", "layer", "operator", "on", "height", "width", "stride", "element", "box", "effective",
        "output",
      ])
    // Two 3×3, a pooling, and a 3×3 at stride 2: 1 + 2 + 2 + 1 + 4.
    #expect(value["height"] as? Int == 10 && value["stride"] as? [Int] == [2, 2])
    #expect(isPNG(place.read("receptive-field.png")))
    try place.picture("a.png", width: 20, height: 16)
    let onImage = try place.segment(
      "inspect", "receptive-field", "unet", "a.png", "--weights", "w.safetensors", "--layer", "inc",
      "--output",
      "f.html")
    #expect(onImage.status == 0 && onImage.text.hasPrefix("relu_7 → f.html\n"))
    #expect(isPage(place.read("f.html")))
    let module = try place.segment(
      "inspect", "receptive-field", "dilated", "--set", "width=2", "--set", "classes=2", "--layer",
      "context.7",
      "--on", "score", "--json")
    #expect(module.status == 0)
    #expect(try json(module)["height"] as? Int == 67)
  }

  @Test func filters() throws {
    let place = try Workplace()
    let first = try place.segment("inspect", "filters", "unet", "--weights", "w.safetensors")
    #expect(first.status == 0 && first.text == "w.safetensors: filters of inc.double_conv.0 → filters.png\n")
    #expect(isPNG(place.read("filters.png")))
    let other = try place.segment(
      "inspect", "filters", "unet", "--weights", "w.safetensors", "--layer", "up1.up", "--output", "up.html")
    #expect(other.status == 0 && isPage(place.read("up.html")))
    let block = try place.segment(
      "inspect", "filters", "unet", "--weights", "w.safetensors", "--layer", "down1")
    #expect(
      block.status == 0
        && block.text
          == "w.safetensors: filters of down1: down1.maxpool_conv.1.double_conv.3 → filters.png\n"
    )
    let some = try place.segment(
      "inspect", "filters", "unet", "--weights", "w.safetensors", "--layer", "up1.up", "--outputs", "1",
      "--inputs", "0-3", "--json")
    let value = try json(some)
    #expect(
      Set(value.keys) == [
        "model", "layer", "operator", "shape", "largest", "outputs", "inputs", "filters", "output",
      ])
    #expect(value["shape"] as? [Int] == [2, 4, 2, 2] && value["outputs"] as? [Int] == [1, 1])
    #expect((value["filters"] as? [[String: Any]])?.map { $0["channel"] as? Int } == [1])
    try expectFailure(
      place, "inspect", "filters", "unet", "--weights", "w.safetensors", "--layer", "up1.up", "--outputs",
      "1-2", says: "up1.up: expected a channel of 0…1, found 2")
    try expectFailure(
      place, "inspect", "filters", "unet", "--weights", "w.safetensors", "--layer", "inc.double_conv.1",
      says:
        "inc.double_conv.1: expected a convolution, whose filters can be drawn, found batch_norm2d; near it are "
        + "inc.double_conv.0, inc.double_conv.3, down1.maxpool_conv.1.double_conv.0, "
        + "down1.maxpool_conv.1.double_conv.3; 'segment summary' lists them all")
  }

  @Test func activations() throws {
    let place = try Workplace()
    try place.picture("a.jpg", width: 20, height: 16)
    let outcome = try place.segment(
      "inspect", "activations", "a.jpg", "--weights", "w.safetensors", "--layer", "inc", "--layer", "outc",
      "--top", "1", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let layers = try #require(try json(outcome)["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["shape"] as? [Int] } == [[1, 16, 20, 2], [1, 16, 20, 2]])
    #expect(layers.allSatisfy { ($0["channels"] as? [Any])?.count == 1 })
    #expect(isPNG(place.read("activations.png")))
    let all = try place.segment("inspect", "activations", "a.jpg", "--weights", "w.safetensors")
    #expect(all.status == 0 && all.text.split(separator: "\n").count > 1)
  }

  @Test func cam() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 20, height: 16)
    var files: [[UInt8]?] = []
    for (threads, name) in [("1", "block"), ("3", "1")] {
      let outcome = try place.segment(
        "inspect", "cam", "a.png", "--class", name, "--weights", "w.safetensors", "--threads", threads,
        "--json")
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      let value = try json(outcome)
      #expect(
        Set(value.keys) == [
          "model", "input", "output", "method", "layer", "index", "name", "score", "region", "peak", "map",
          "grid",
        ])
      #expect(value["grid"] as? [String: Double] == ["x": 0, "y": 0, "stride_x": 1, "stride_y": 1])
      #expect(value["name"] as? String == "block" && (value["map"] as? [[Double]])?.count == 16)
      files.append(place.read("cam.png"))
    }
    #expect(isPNG(files[0]) && files[0] == files[1])
    for method in ["occlusion", "deconvolution", "guided-backpropagation"] {
      let outcome = try place.segment(
        "inspect", "cam", "a.png", "--class", "0", "--weights", "w.safetensors", "--method", method,
        "--region",
        "2,3,10,8", "--output", "\(method).html")
      #expect(outcome.status == 0 && isPage(place.read("\(method).html")))
    }
  }

  @Test func camOfAClassifier() throws {
    let place = try Workplace()
    try place.classifier()
    try place.picture("a.png", width: 20, height: 16)
    let outcome = try place.segment(
      "inspect", "cam", "a.png", "--class", "dog", "--weights", "mlp.safetensors", "--method",
      "guided-backpropagation", "--json")
    #expect(outcome.status == 0)
    #expect(try (json(outcome)["map"] as? [[Double]])?.count == 8)
    // A perceptron has no maps.
    try expectFailure(
      place, "inspect", "cam", "a.png", "--class", "dog", "--weights", "mlp.safetensors", "--output", "b.png",
      says:
        "fc3: expected a layer with a map, whose gradient reaches the classes, found 1×1 pixels; name an earlier one "
        + "with --layer")
    try expectFailure(
      place, "inspect", "cam", "a.png", "--class", "dog", "--weights", "mlp.safetensors", "--region",
      "0,0,2,2",
      says:
        "mlp.safetensors: expected a network that gives every pixel a class, for --region, found a classifier; leave it "
        + "out")
  }

  @Test func maximize() throws {
    let place = try Workplace()
    let arguments = [
      "inspect", "maximize", "unet", "--weights", "w.safetensors", "--layer", "inc", "--size", "16",
      "--steps", "4",
    ]
    var pictures: [[UInt8]?] = []
    for threads in ["1", "2"] {
      let outcome = try Segment.run(
        arguments + ["--channel", "1", "--threads", threads, "--json"], in: place.path)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      let channels = try #require(try json(outcome)["channels"] as? [[String: Any]])
      #expect(
        channels.map { Set($0.keys) } == [
          ["channel", "activation", "noise", "ratio", "peak", "noise_peak"]
        ])
      pictures.append(place.read("maximize.png"))
    }
    #expect(isPNG(pictures[0]) && pictures[0] == pictures[1])
    let other = try Segment.run(arguments + ["--channel", "1", "--seed", "1"], in: place.path)
    #expect(other.status == 0 && place.read("maximize.png") != pictures[0])
  }

  @Test func errors() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment(
      "inspect", "errors", "--data", "set.yaml", "--split", "train", "--weights", "w.safetensors", "--count",
      "2",
      "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let images = try #require(try json(outcome)["images"] as? [[String: Any]])
    let scores = images.compactMap { $0["mean_iou"] as? Double }
    #expect(scores.count == 4 && scores == scores.sorted())
    let page = try #require(place.read("errors.html").map { String(decoding: $0, as: UTF8.self) })
    #expect(page.contains("the 2 worst of 4 images") && page.components(separatedBy: "<figure>").count == 9)
    let table = try place.segment(
      "inspect", "errors", "--data", "set.yaml", "--weights", "w.safetensors", "--output", "e.png")
    #expect(table.status == 0 && isPNG(place.read("e.png")))
  }

  @Test func pointing() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment(
      "inspect", "pointing", "--data", "set.yaml", "--split", "train", "--weights", "w.safetensors", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let value = try json(outcome)
    #expect(Set(value.keys) == ["model", "data", "pairs", "accuracy", "chance", "classes"])
    // Both halves of four images; each pair's chance is its half, and both make a whole.
    #expect(value["pairs"] as? Int == 8 && value["chance"] as? Double == 0.5)
  }

  /// A class that no image shows has no share, not one of 0.
  @Test func pointingAtAnAbsentClass() throws {
    let place = try Workplace()
    try place.dataset(label: 0)
    let arguments = ["inspect", "pointing", "--data", "set.yaml", "--weights", "w.safetensors"]
    let outcome = try Segment.run(arguments + ["--json"], in: place.path)
    #expect(outcome.status == 0)
    let classes = try #require(try json(outcome)["classes"] as? [[String: Any]])
    #expect(classes[1]["images"] as? Int == 0)
    #expect(classes[1]["accuracy"] is NSNull && classes[1]["chance"] is NSNull)
    let table = try Segment.run(arguments, in: place.path)
    #expect(table.text.hasSuffix("\n  block   0 of 0  –  chance –\n"))
  }

  @Test func errorsNeverReplaceASample() throws {
    let place = try Workplace()
    try place.dataset()
    // Of this split, of another one, a mask, and by another way to it.
    for (split, output) in [
      ("val", "images/0.png"), ("val", "images/1.png"), ("train", "masks/3.png"),
      ("train", "masks/../images/2.png"),
    ] {
      try expectFailure(
        place, "inspect", "errors", "--data", "set.yaml", "--split", split, "--weights", "w.safetensors",
        "--output", output,
        says:
          "\(output): expected another file for the result than those of halves, found one of its samples; name one "
          + "with --output")
    }
    for _ in 0..<2 {
      #expect(
        try place.segment(
          "inspect", "errors", "--data", "set.yaml", "--weights", "w.safetensors", "--output", "images.png"
        ).status == 0)
    }
  }

  /// What `summary` refuses: before any noise is made.
  @Test(.timeLimit(.minutes(1))) func fieldOfTooLargeAnImage() throws {
    let place = try Workplace()
    try expectFailure(
      place, "inspect", "receptive-field", "unet", "--layer", "down4", "--size", "60000x60000",
      says: "unet: max_pool2d_8: max_pool2d: expected pixels at most 2147483647, found 3600000000")
    let outcome = try place.segment(
      "inspect", "receptive-field", "unet", "--layer", "down4", "--size", "40000x40000")
    #expect(outcome.status == 1 && outcome.error.contains("MiB; use a smaller image"))
  }

  @Test func failures() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 20, height: 16)
    try expectFailure(
      place, "inspect", "cam", "a.png", "--class", "tree", "--weights", "w.safetensors",
      says: "w.safetensors: expected a class of 0…1 or one of ground, block, found 'tree'")
    try expectFailure(
      place, "inspect", "cam", "a.png", "--class", "0", "--weights", "w.safetensors", "--region", "15,0,6,1",
      says: "--region: expected x,y,width,height within 20×16 pixels, found '15,0,6,1'")
    try expectFailure(
      place, "inspect", "cam", "a.png", "--class", "0", "--weights", "w.safetensors", "--output", "a.png",
      says:
        "a.png: expected another file for the result than the picture, found the picture; name one with --output"
    )
    try expectFailure(
      place, "inspect", "maximize", "unet", "--weights", "w.safetensors", "--layer", "inc.double_conv.9",
      says:
        "w.safetensors: expected a layer of the network, found 'inc.double_conv.9'; near it are inc.double_conv.0, "
        + "inc.double_conv.1, inc.double_conv.3, inc.double_conv.4; 'segment summary' lists them all")
  }

  /// Where no weights ship, a note says that they are random.
  @Test func randomWeights() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 20, height: 16)
    for arguments in [
      "filters segnet_basic --set width=2", "activations a.png --model segnet_basic --set width=2",
      "cam a.png --class 0 --model segnet_basic --set width=2",
      "maximize segnet_basic --set width=2 --layer encoder.0 --size 16 --steps 1",
      "receptive-field segnet_basic --set width=2 --layer encoder.1 --size 64x64",
    ] {
      let outcome = try Segment.run(
        ["inspect"] + arguments.split(separator: " ").map(String.init), in: place.path)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.error == "segnet_basic: no weights ship for it; its parameters are random\n")
    }
    // What measures wants weights.
    try place.dataset()
    for command in ["errors", "pointing"] {
      #expect(
        try place.segment("inspect", command, "--data", "set.yaml", "--model", "segnet_basic").status == 1)
    }
  }

  @Test func titlesShowBothNames() throws {
    let place = try Workplace()
    try place.picture("a.png", width: 20, height: 16)
    for arguments in [
      "activations a.png --layer inc", "cam a.png --class 0 --layer inc",
      "maximize unet --layer inc --size 16 --steps 1",
      "receptive-field unet --layer inc --size 32x32",
    ] {
      let words = arguments.split(separator: " ").map(String.init)
      let outcome = try Segment.run(
        ["inspect"] + words + ["--weights", "w.safetensors", "--output", "x.html"], in: place.path)
      #expect(outcome.status == 0, "\(outcome.error)")
      let page = try #require(place.read("x.html").map { String(decoding: $0, as: UTF8.self) })
      #expect(page.contains("inc: relu_7"), "\(arguments)")
    }
  }

  @Test func theGraphOfASummary() throws {
    let place = try Workplace()
    let outcome = try place.segment("summary", "unet", "--set", "width=4", "--graph", "n.svg", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let svg = try #require(place.read("n.svg").map { String(decoding: $0, as: UTF8.self) })
    #expect(
      svg.hasPrefix("<svg xmlns=") && svg.contains("unet, input 1×256×256×3")
        && svg.contains("skip connection"))
    #expect(try place.segment("summary", "unet", "--graph", "n.png").status == 64)
  }
}
