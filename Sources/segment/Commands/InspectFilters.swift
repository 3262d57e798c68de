import ArgumentParser
import Inspection

/// `segment inspect filters MODEL --weights W`
struct InspectFilters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filters", abstract: "Draws the filters of a convolution on one sheet.",
    discussion: """
      Filters that read colour are drawn in colour; those of other layers channel by channel, an output in each row and \
      an input in each column.
      """)

  @Argument(help: ArgumentHelp("The architecture.", valueName: "model"))
  var model: String

  @Option(help: "A checkpoint, or the name of a model that ships. Default: the one that ships for the model.")
  var weights: String?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  @Option(help: "The layer. Default: the first convolution.")
  var layer: String?

  @Option(help: "The picture to write (.png or .html).")
  var output = "filters.png"

  func validate() throws {
    try requireSheet(output)
    try ModelOptions.validate(settings)
  }

  func run() throws {
    let network = try InspectedModel(model: model, weights: weights, settings: settings).network
    let sheet = try network.filterSheet(layer: try layer.map { try network.convolution($0) })
    try sheet.write(to: output)
    try Console.result("\(sheet.title) → \(output)")
  }
}
