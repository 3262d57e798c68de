import ArgumentParser
import Inspection

/// Channels that a command line names, `64-127` or `5`.
struct ChannelRange: ExpressibleByArgument {
  let channels: ClosedRange<Int>

  init?(argument: String) {
    guard let channels = FilterChoice.range(argument) else { return nil }
    self.channels = channels
  }
}

/// `segment inspect filters MODEL --weights W`
struct InspectFilters: ParsableCommand, PictureCommand {
  static let picture = "filters.png"
  static let configuration = CommandConfiguration(
    commandName: "filters", abstract: "Draws the filters of a convolution on one sheet.",
    discussion: """
      Filters that read colour are drawn in colour; those of other layers channel by channel, an output in each row and \
      an input in each column.
      """)

  @OptionGroup var modelArgument: ModelArgument

  @Option(help: "The layer, or a block, whose last convolution it is. Default: the first convolution.")
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "The channels of the output that are shown, at most 256. Default: the first 64.",
      valueName: "first-last"))
  var outputs: ChannelRange?

  @Option(
    help: ArgumentHelp(
      "The channels of the input that are shown, at most 256. Default: the first 64.", valueName: "first-last"
    ))
  var inputs: ChannelRange?

  @OptionGroup var sheetOptions: SheetOptions<Self>

  func run() throws {
    let network = try InspectedModel.orRandom(modelArgument.options).network
    let index = try layer.map { try network.convolution($0) }
    let bank = try network.filters(ofLayer: index)
    let choice = FilterChoice(outputs: outputs?.channels, inputs: inputs?.channels)
    let called = index.map { network.title(ofLayer: $0, named: layer) }
    let sheet = try bank.sheet(model: network.name, called: called, choice)
    try sheetOptions.write(sheet)
    let report = FilterReport(model: network.name, bank, try bank.shown(choice), output: sheetOptions.output)
    try sheetOptions.print(report, or: "\(sheet.title) → \(sheetOptions.output)")
  }
}

/// What `inspect filters --json` prints.
struct FilterReport: Encodable {
  struct Filter: Encodable {
    let channel: Int
    let mean: Double
    /// The root of the sum of squares.
    let norm: Double
  }

  let model: String
  let layer: String
  let `operator`: String
  /// Filters, the channels that each reads, and their rows and columns.
  let shape: [Int]
  let largest: Float
  /// The first and the last that are drawn.
  let outputs: [Int]
  let inputs: [Int]
  /// Those that are drawn.
  let filters: [Filter]
  let output: String

  init(
    model: String, _ bank: FilterBank, _ shown: (outputs: ClosedRange<Int>, inputs: ClosedRange<Int>),
    output: String
  ) {
    (self.model, layer, self.operator, self.output) = (model, bank.layer, bank.label, output)
    shape = [bank.outputs, bank.inputs, bank.height, bank.width]
    largest = bank.largest
    outputs = [shown.outputs.lowerBound, shown.outputs.upperBound]
    inputs = [shown.inputs.lowerBound, shown.inputs.upperBound]
    filters = shown.outputs.map {
      Filter(channel: $0, mean: bank.mean(ofOutput: $0), norm: bank.norm(ofOutput: $0))
    }
  }
}
