import Testing

/// What the command line itself gets wrong is status 64, and nothing is done.
@Suite struct UsageTests {
  @Test(arguments: [
    ["--bogus"], ["predict"], ["a.png", "--threads", "0"], ["a.png", "--threads", "many"], ["train"],
    ["train", "a.yaml", "b.yaml"],
    ["a.png", "--format", "mask,gif"], ["a.png", "--set", "width"], ["-", "a.png"], ["-", "--json"],
    ["a.png", "--shard", "3/2"], ["a.png", "--shard", "1"], ["-", "--shard", "1/2"], ["a.png", "-0"],
    ["-", "--files-from", "list"], ["a.png", "--shard", "1/1"],
    ["evaluate"], ["summary"], ["summary", "unet", "--size", "0x0"],
    ["summary", "unet", "--size", "4"], ["benchmark", "unet"], ["benchmark", "unet", "--size", "-1x4"],
    ["benchmark", "unet", "--size", "4x70000"], ["benchmark", "unet", "--size", "4x4", "--batch", "0"],
    ["benchmark", "unet", "--size", "4x4", "--repeats", "0"], ["run", "unet"], ["decode", "a.png"],
    ["classify"], ["classify", "a.png"], ["classify", "a.png", "--weights", "w", "--top", "0"],
    ["heatmap"], ["heatmap", "a.png"], ["heatmap", "a.png", "b.png", "--weights", "w"],
    ["dataset", "synthesize"], ["dataset", "bogus"], ["dataset", "synthesize", "streets", "--output"],
  ]) func usage(arguments: [String]) throws {
    let outcome = try Segment.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("Error: "))
    #expect(outcome.error.contains("Usage: segment"))
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
