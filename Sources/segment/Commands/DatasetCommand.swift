import ArgumentParser
import Datasets

/// `segment dataset …`
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Looks at datasets, and makes them.",
    subcommands: [CheckDataset.self, DatasetStats.self, PreviewDataset.self, Synthesize.self])
}

/// `segment dataset synthesize streets`
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws synthetic scenes with exact masks.",
    discussion:
      "The same seed gives the same bytes. Writes images/, masks/ and dataset.yaml, which describes them.")

  @Argument(help: "What is drawn: streets.")
  var scene: String

  @Option(help: "The number of scenes.")
  var count = 100

  @Option(help: "Their size in pixels, HEIGHTxWIDTH.")
  var size = ImageSize(height: 240, width: 320)

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @Option(help: "The folder to write to.")
  var output: String

  func run() throws {
    let writer = try SyntheticWriter(scene: scene, width: size.width, height: size.height, seed: seed)
    try writer.write(count: count, to: output) { Console.progress("\($0)/\(count)") }
    Console.endProgress()
    try Console.result("\(count) scenes → \(output)/dataset.yaml")
  }
}
