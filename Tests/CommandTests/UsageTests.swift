import Testing

/// What the command line itself gets wrong is status 64, and nothing is done.
@Suite struct UsageTests {
  @Test(arguments: [
    ["--bogus"], ["predict"], [""], ["a.png", "--threads", "0"], ["a.png", "--threads", "many"], ["train"],
    ["train", "a.yaml", "b.yaml"],
    ["a.png", "--format", "mask,gif"], ["a.png", "--max-memory", "much"], ["a.png", "--tta", "flips,flop"],
    ["a.png", "--min-area", "-1"], ["a.png", "--threshold", "1"], ["a.png", "--threshold", "half"],
    ["a.png", "--classes", ","], ["a.png", "--set", "width"], ["-", "a.png"], ["-", "--json"],
    ["a.png", "--shard", "3/2"], ["a.png", "--shard", "1"], ["-", "--shard", "1/2"], ["a.png", "-0"],
    ["-", "--files-from", "list"], ["a.png", "--shard", "1/1"],
    ["evaluate"], ["summary"], ["summary", "unet", "--size", "0x0"],
    ["summary", "unet", "--size", "4"], ["benchmark", "unet"], ["benchmark", "unet", "--size", "-1x4"],
    ["benchmark", "unet", "--size", "4x70000"], ["benchmark", "unet", "--size", "4x4", "--batch", "0"],
    ["benchmark", "unet", "--size", "4x4", "--repeats", "0"], ["run", "unet"], ["decode", "a.png"],
    ["decode", "a.png", "--output", "o", "--max-pixels", "0"],
    ["decode", "a.png", "--output", "o", "--max-side", "x"],
    ["decode", "a.png", "--output", "o", "--max-file-size", "big"],
    ["classify"], ["classify", "a.png"], ["classify", "a.png", "--weights", "w", "--top", "0"],
    ["heatmap"], ["heatmap", "a.png"], ["heatmap", "a.png", "b.png", "--weights", "w"],
    ["heatmap", "a.png", "--weights", "w", "--weights", "v"],
    ["heatmap", "a.png", "--weights", "w", "--output", "m.jpg"],
    ["train", "a.yaml", "--set", "batch"], ["train", "a.yaml", "--set", "=1"],
    ["run", "unet", "--set", "width"],
    ["train", "a.yaml", "--time-limit", "soon"], ["train", "a.yaml", "--save-every", "0"],
    ["summary", "unet", "--set", "width"], ["benchmark", "unet", "--size", "4x4", "--set", "width"],
    ["run", "unet", "--set", "width", "--input", "i", "--output", "o"],
    ["classify", "a", "--model", "mlp", "--set", "x"],
    ["export", "c.pth", "--output", "o", "--note", "licence"],
    ["dataset", "synthesize"], ["dataset", "bogus"], ["dataset", "synthesize", "streets", "--output"],
  ]) func usage(arguments: [String]) throws {
    let outcome = try Segment.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("Error: "))
    #expect(outcome.error.contains("Usage: segment"))
  }

  /// Status 64 is for what is wrong whatever there is on disk; a well-formed name of nothing is status 1.
  @Test(arguments: [
    ["summary", "nonet"], ["run", "nonet", "--input", "i", "--output", "o"],
    ["predict", "a.png", "--model", "nonet"],
    ["benchmark", "nonet", "--size", "4x4"], ["summary", "unet", "--set", "breadth=2"],
    ["summary", "unet", "--set", "width=0"], ["train", "nowhere.yaml"], ["predict", "nowhere.png"],
  ]) func namesOfNothing(arguments: [String]) throws {
    let outcome = try Segment.run(arguments)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1 && outcome.error.hasPrefix("Error: "))
  }

  @Test func heatMapsArePNG() throws {
    let outcome = try Segment.run(["heatmap", "a.png", "--weights", "w", "--output", "m.jpg"])
    #expect(outcome.errorLines.first == "Error: --output: expected a name that ends in .png, found 'm.jpg'")
    let help = try Segment.run(["heatmap", "--help"]).text
    #expect(help.contains("[--weights <weights>] ") && !help.contains("<weights> ..."))
  }

  @Test func nothing() throws {
    let outcome = try Segment.run([])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("Error: Missing expected argument '<input> ...'\n"))
    #expect(outcome.error.contains("SUBCOMMANDS:"))
  }

  @Test func dataset() throws {
    let outcome = try Segment.run(["dataset"])
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("USAGE: segment dataset <subcommand>"))
  }
}
