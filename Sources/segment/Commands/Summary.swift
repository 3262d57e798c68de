import ArgumentParser
import Inspection
import Segmentation
import TensorCore

/// `segment summary MODEL`
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows a network's layers with shapes, parameters, operations and receptive field.")

  @Argument(help: ArgumentHelp("The architecture.", valueName: "model"))
  var model: String

  @Option(
    help: "The input's size in pixels, HEIGHTxWIDTH; what the architecture was described for, by default.")
  var size: ImageSize?

  @Option(help: "Classes.")
  var classes: Int?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  @Flag(help: "Print one JSON value.")
  var json = false

  func validate() throws { try ModelOptions.validate(settings) }

  func run() throws {
    var arguments = ModelOptions.pairs(settings)
    if let classes { arguments["classes"] = String(classes) }
    let graph = try NetworkRegistry.graph(model, arguments: arguments)
    let nominal = try NetworkRegistry.architecture(model).nominal
    let input = Shape(
      batch: 1, height: size?.height ?? nominal.height, width: size?.width ?? nominal.width,
      channels: nominal.channels)
    let summary = try NetworkSummary(model, graph, input: input)
    try json ? Console.json(summary) : Console.result(summary.table)
  }
}
