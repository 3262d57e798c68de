import Foundation
import Testing

/// Each help text is a file of `Golden`; `TESSERA_REWRITE_GOLDEN=1` writes them anew.
@Suite struct HelpTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  @Test(arguments: [
    "", "predict", "train", "evaluate", "classify", "heatmap", "models", "summary", "run", "benchmark",
    "decode", "export",
    "dataset",
    "dataset check", "dataset stats", "dataset preview", "dataset synthesize",
    "inspect",
    "inspect receptive-field", "inspect filters", "inspect activations", "inspect cam", "inspect maximize",
    "inspect errors", "inspect pointing",
  ]) func help(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let outcome = try Segment.run(words + ["--help"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let name = (["help"] + (words.isEmpty ? ["segment"] : words)).joined(separator: "-") + ".txt"
    let file = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["TESSERA_REWRITE_GOLDEN"] == "1" {
      try Data(outcome.output).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == outcome.text)
    #expect(try Segment.run(["help"] + words).text == outcome.text)
  }

  @Test func noSubcommandIsWithoutAGoldenText() throws {
    let text = try Segment.run(["--help"]).text
    let list = try #require(text.components(separatedBy: "SUBCOMMANDS:\n").last)
    let names = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }.filter { $0 != "See" }
    for name in names {
      let file = Self.folder.appendingPathComponent("help-\(name).txt")
      #expect(FileManager.default.fileExists(atPath: file.path), "\(name)")
    }
    #expect(names.count >= 9)
  }

  @Test func version() throws {
    let outcome = try Segment.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.text.split(separator: ".").count == 3)
  }
}
