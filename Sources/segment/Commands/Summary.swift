import ArgumentParser
import Files
import Inspection
import Segmentation
import TensorCore

/// `segment summary MODEL`
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows a network's layers with shapes, parameters, operations, receptive field and memory.",
    discussion: """
      Field and stride are in pixels of the input, memory is that of the layer's outputs. What is trained are all \
      parameters but the running statistics of batch norms. The totals give the activations of a whole training step \
      and of a run as a plan lays them out on one thread.
      """)

  @Argument(help: ArgumentHelp("The architecture.", valueName: "model"))
  var model: String

  @Option(
    help: "The input's size in pixels, HEIGHTxWIDTH; what the architecture was described for, by default.")
  var size: ImageSize?

  @Option(help: "Classes.")
  var classes: Int?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  @Option(help: ArgumentHelp("Also draw the network, as an SVG.", valueName: "file"))
  var graph: String?

  @Flag(help: "Print one JSON value.")
  var json = false

  func validate() throws {
    try ModelOptions.validate(settings)
    if let graph, !graph.lowercased().hasSuffix(".svg") {
      throw ValidationError("--graph: expected a name that ends in .svg, found '\(graph)'")
    }
  }

  func run() throws {
    var arguments = ModelOptions.pairs(settings)
    if let classes { arguments["classes"] = String(classes) }
    let network = try NetworkRegistry.graph(model, arguments: arguments)
    let nominal = try NetworkRegistry.architecture(model).nominal
    let input = Shape(
      batch: 1, height: size?.height ?? nominal.height, width: size?.width ?? nominal.width,
      channels: nominal.channels)
    let summary = try NetworkSummary(model, network, input: input)
    if let graph {
      let drawing = try NetworkDrawing(model, try network.forInference(), input: input)
      try DurableFile.write(Array(drawing.svg.utf8), to: graph)
    }
    try json ? Console.json(summary) : Console.result(summary.table)
  }
}
