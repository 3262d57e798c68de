import ArgumentParser
import Foundation
import Images
import Inference
import Segmentation

/// `segment classify INPUT… --model NAME --weights FILE`
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives images a class.",
    discussion: """
      Brings each image to the size of the network's training, as the training did: its shorter side to that size and \
      the middle cut out ('fit: cover'), or its longer side, and black around it ('fit: pad'). Prints the most probable \
      classes. Of several --weights, the probabilities are averaged. Exit status 2 says that some files \
      failed.
      """)

  @Argument(help: ArgumentHelp("Images or folders.", valueName: "input"))
  var inputs: [String]

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "How many classes are shown for each image, the most probable first.")
  var top = 5

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var limitOptions: LimitOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top: expected 1 or more, found \(top)") }
    try modelOptions.requireModel()
  }

  func run() throws {
    let items = try InputCollection(inputs, output: nil).items
    let pool = threadOptions.pool()
    let classifier = try ImageClassifier(
      try modelOptions.loadEnsemble(pool: pool, for: .classification), pool: pool)
    var reports: [ClassifiedFile] = []
    var failures = 0
    for (index, item) in items.enumerated() {
      Console.progress("\(index + 1)/\(items.count) \(item.input)")
      do {
        let picture = try ImageReader.read(item.input, limits: limitOptions.limits)
        let classes = try classifier.classify(picture, name: item.input).prefix(top)
        let report = ClassifiedFile(input: item.input, classes: Array(classes), error: nil)
        reports.append(report)
        Console.endProgress()
        if !json { try Console.result(report.table) }
      } catch {
        Console.endProgress()
        guard items.count > 1 else { throw error }
        failures += 1
        let text = OneLineError(error).description
        Console.note("Error: \(text)")
        reports.append(ClassifiedFile(input: item.input, classes: [], error: text))
      }
    }
    if json { try Console.json(ClassifyReport(model: classifier.ensemble.name, images: reports)) }
    if failures > 0 {
      Console.note("\(failures) of \(items.count) files failed")
      throw ExitCode(2)
    }
  }
}

/// What `classify --json` prints.
struct ClassifyReport: Encodable {
  let model: String
  let images: [ClassifiedFile]
}

/// One image of it.
struct ClassifiedFile: Encodable {
  let input: String
  let classes: [ClassProbability]
  let error: String?

  /// The image and its most probable classes.
  var table: String {
    let width = classes.map(\.name.count).max() ?? 0
    let lines = classes.map { entry in
      let name = entry.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let percent = decimals(100 * entry.probability, 2)
      return "  \(name)  \(String(repeating: " ", count: max(0, 6 - percent.count)))\(percent) %"
    }
    return ([input] + lines).joined(separator: "\n")
  }
}
