import Foundation
import Images
import TensorCore
import Testing
import Weights

@Suite struct NetworkCommandTests {
  @Test func benchmark() throws {
    for (options, mode) in [([], "inference"), (["--train"], "train")] {
      let outcome = try Segment.run(
        [
          "benchmark", "unet", "--size", "16x24", "--set", "width=2", "--set", "depth=1", "--classes", "3",
          "--repeats",
          "3", "--threads", "2", "--json",
        ] + options)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      let value = try json(outcome)
      #expect(
        Set(value.keys) == [
          "model", "size", "batch", "mode", "threads", "median_ms", "min_ms", "peak_rss_mib",
        ])
      #expect(value["model"] as? String == "unet" && value["size"] as? String == "16x24")
      #expect(
        value["batch"] as? Int == 1 && value["mode"] as? String == mode && value["threads"] as? Int == 2)
      let (median, least) = (value["median_ms"] as? Double ?? 0, value["min_ms"] as? Double ?? 0)
      #expect(least > 0 && median >= least)
      #expect((value["peak_rss_mib"] as? Double ?? 0) > 1)
    }
  }

  @Test func benchmarkPerLayer() throws {
    let arguments = [
      "benchmark", "unet", "--size", "32x32", "--set", "width=2", "--set", "depth=1", "--repeats", "2",
      "--train", "--per-layer",
    ]
    let value = try json(try Segment.run(arguments + ["--json"]))
    let profile = try #require(value["profile"] as? [String: Any])
    #expect(Set(profile.keys) == ["peak_gflops", "peak_share", "layers"])
    let peak = try #require(profile["peak_gflops"] as? Double)
    let layers = try #require(profile["layers"] as? [[String: Any]])
    #expect(peak > 0.1 && layers.count > 20)
    for layer in layers {
      #expect(
        Set(layer.keys) == ["name", "operator", "direction", "algorithm", "ms", "gflops", "peak_share"])
      // 1.5: what is measured and the peak are not measured at the same moment.
      #expect((layer["ms"] as? Double ?? 0) > 0 && (layer["peak_share"] as? Double ?? 2) < 1.5)
    }
    let names = layers.map { "\($0["name"] ?? "") \($0["direction"] ?? "")" }
    #expect(Set(names).count == names.count)
    #expect(names.contains("inc.double_conv.0 forward") && names.contains("inc.double_conv.0 backward"))
    let table = try Segment.run(arguments)
    #expect(table.text.contains("algorithm") && table.text.contains("of the peak of"))
  }

  @Test func benchmarkAugment() throws {
    let value = try json(try Segment.run(["benchmark", "augment", "--size", "24x32", "--json"]))
    #expect(Set(value.keys) == ["size", "steps"] && value["size"] as? String == "24x32")
    let steps = try #require(value["steps"] as? [[String: Any]])
    #expect(Set(steps.map { $0["step"] as? String ?? "" }).count == steps.count && steps.count == 24)
    for step in steps {
      #expect(
        Set(step.keys) == ["step", "images_per_second"] && (step["images_per_second"] as? Double ?? 0) > 1)
    }
  }

  @Test func benchmarkBeyondMemory() throws {
    let outcome = try Segment.run(["benchmark", "unet", "--size", "40000x40000", "--set", "width=8"])
    #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1)
    #expect(outcome.error.hasPrefix("Error: a plan for [1, 40000, 40000, 3]: expected at most "))
  }

  @Test func summary() throws {
    let outcome = try Segment.run(["summary", "unet", "--json"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let value = try json(outcome)
    #expect(
      Set(value.keys) == [
        "model", "parameters", "untrained", "macs", "receptive_field", "training", "inference", "layers",
      ])
    // Ronneberger et al. with batch norm and two classes, as milesial's Pytorch-UNet.
    #expect(value["parameters"] as? Int == 31_037_698)
    let layers = try #require(value["layers"] as? [[String: Any]])
    for layer in layers {
      #expect(
        Set(layer.keys) == [
          "name", "operator", "output", "parameters", "untrained", "macs", "receptive_field", "stride",
          "bytes",
        ])
    }
    #expect(layers.compactMap { $0["parameters"] as? Int }.reduce(0, +) == 31_037_698)
    #expect(layers.compactMap { $0["macs"] as? Int }.reduce(0, +) == value["macs"] as? Int)
    #expect(layers.last?["output"] as? [Int] == [1, 256, 256, 2])
    let table = try Segment.run(["summary", "unet", "--size", "64x32", "--classes", "5", "--set", "width=4"])
    #expect(table.status == 0 && table.text.contains("1×64×32×5"))
  }

  @Test func models() throws {
    let outcome = try Segment.run(["models", "--json"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let value = try json(outcome)
    #expect(Set(value.keys) == ["architectures", "weights"])
    let architectures = try #require(value["architectures"] as? [[String: Any]])
    for entry in architectures {
      #expect(Set(entry.keys) == ["name", "task", "variants", "source", "arguments"])
      #expect(["segmentation", "classification"].contains(entry["task"] as? String))
      let (name, variants) = (entry["name"] as? String ?? "", entry["variants"] as? [String] ?? [])
      #expect(variants.contains(name))
    }
    let names = architectures.compactMap { $0["name"] as? String }
    #expect(
      Set(names).count == names.count && Set(names).isSuperset(of: ["unet", "fcn8s", "resnet50", "mlp"]))
    let resnet = try #require(architectures.first { $0["name"] as? String == "resnet50" })
    #expect(
      resnet["variants"] as? [String] == ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
    let text = try Segment.run(["models"]).text
    #expect(
      text.hasPrefix(
        """
        Networks that give every pixel a class (--model):
          unet
            Ronneberger et al. 2015, arXiv:1505.04597
            --set width=64  channels of the first level

        """))
    #expect(
      text.contains(
        """

          resnet18  resnet34  resnet50  resnet101
          resnet152
            He et al. 2016, arXiv:1512.03385
            --set classes=1000  classes

        """))
  }

  @Test func runWithAndWithoutWeights() throws {
    let place = try Workplace()
    let input = Tensor((0..<2 * 3 * 5 * 7).map { Float($0 % 13) / 13 }, shape: [2, 3, 5, 7])
    try SafetensorsWriter.write(["input": input], to: "\(place.path)/in.safetensors")
    let settings = ["--set", "width=2", "--set", "depth=1"]
    func run(_ output: String, _ options: [String]) throws -> Tensor {
      let outcome = try Segment.run(
        ["run", "unet", "--input", "in.safetensors", "--output", output] + options, in: place.path)
      #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.output.isEmpty)
      return try SafetensorsReader.read("\(place.path)/\(output)").tensor("output")
    }
    let random = try run("a.safetensors", settings + ["--threads", "1"])
    #expect(random.shape == [2, 2, 5, 7] && random.elements.allSatisfy(\.isFinite))
    #expect(try run("b.safetensors", settings + ["--threads", "2"]) == random)
    let loaded = try run("c.safetensors", ["--weights", "w.safetensors"])
    #expect(loaded.shape == [2, 2, 5, 7] && !(loaded == random))
  }

  @Test func runFailures() throws {
    let place = try Workplace()
    func input(_ name: String, _ tensor: Tensor) throws {
      try SafetensorsWriter.write([name: tensor], to: "\(place.path)/in.safetensors")
    }
    func fails(says expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      try expectFailure(
        place, "run", "unet", "--weights", "w.safetensors", "--input", "in.safetensors", "--output",
        "out.safetensors", says: expected, sourceLocation: sourceLocation)
    }
    let form = "[N, 3, H, W], none of them 0"
    try fails(says: "in.safetensors: expected a file, found nothing; check the path")
    try input("image", Tensor(zeros: [1, 3, 4, 4]))
    try fails(says: "in.safetensors: expected a tensor input, found image")
    try input("input", Tensor(zeros: [3, 4, 4]))
    try fails(says: "in.safetensors: expected a tensor 'input' \(form), found [3, 4, 4]")
    try input("input", Tensor(zeros: [1, 3, 0, 4]))
    try fails(says: "in.safetensors: expected a tensor 'input' \(form), found [1, 3, 0, 4]")
    try input("input", Tensor(zeros: [0, 3, 4, 4]))
    try fails(says: "in.safetensors: expected a tensor 'input' \(form), found [0, 3, 4, 4]")
    try input("input", Tensor(zeros: [1, 4, 4, 4]))
    try fails(says: "in.safetensors: expected a tensor 'input' \(form), found [1, 4, 4, 4]")
  }

  @Test func decode() throws {
    let place = try Workplace()
    let raster = Workplace.raster(5, 3)
    try place.picture("a.png", width: 5, height: 3)
    let outcome = try place.segment("decode", "a.png", "--output", "a.safetensors")
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.output.isEmpty)
    let file = try SafetensorsReader.read("\(place.path)/a.safetensors")
    #expect(file.entry("image")?.type == .uint8 && file.entry("image")?.shape == [3, 5, 3])
    #expect(raster.samples == .eight(Array(try file.bytes(of: "image"))))

    let wide = Raster(width: 2, height: 1, channels: 1, samples: .sixteen([258, 65535]))
    try place.write(try PictureWriter.png(wide), "wide.png")
    #expect(try place.segment("decode", "wide.png", "--output", "wide.safetensors").status == 0)
    let words = try SafetensorsReader.read("\(place.path)/wide.safetensors")
    #expect(words.entry("image")?.type == .uint16 && words.entry("image")?.shape == [1, 2, 1])
    #expect(Array(try words.bytes(of: "image")) == [2, 1, 255, 255])
    try expectFailure(
      place, "decode", "a.png", "--output", "o.safetensors", "--max-pixels", "14",
      says:
        "a.png: expected at most 65535 pixels a side and 14 in all, found 5×3; scale it down, cut it into parts, "
        + "or raise --max-pixels or --max-side")
    try expectFailure(
      place, "decode", "a.png", "--output", "o.safetensors", "--max-side", "4",
      says:
        "a.png: expected at most 4 pixels a side and 536870912 in all, found 5×3; scale it down, cut it into "
        + "parts, or raise --max-pixels or --max-side")
    let bytes = try #require(place.read("a.png")).count
    try expectFailure(
      place, "decode", "a.png", "--output", "o.safetensors", "--max-file-size", "\(bytes - 1)",
      says:
        "a.png: expected an image file of at most \(bytes - 1) bytes, found \(bytes); raise --max-file-size")
    let side = ["decode", "a.png", "--output", "o.safetensors", "--max-pixels", "15", "--max-side", "5"]
    #expect(try Segment.run(side, in: place.path).status == 0)
  }

  /// What cannot be written to standard output is not lost without a word.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "skipped: no /dev/full"))
  func fullOutput() throws {
    let place = try Workplace()
    try place.picture("a.png")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\"$0\" - --weights w.safetensors <a.png >/dev/full 2>error", Segment.path]
    process.currentDirectoryURL = URL(fileURLWithPath: place.path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    let text = String(decoding: place.read("error") ?? [], as: UTF8.self)
    #expect(text.hasPrefix("Error: standard output: expected to write this file, found: "))
  }
}
