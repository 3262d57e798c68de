import ArgumentParser
import Images
import Inspection

/// `segment inspect activations IMAGE --model M --layer L…`
struct InspectActivations: ParsableCommand, PictureCommand {
  static let picture = "activations.png"
  static let configuration = CommandConfiguration(
    commandName: "activations", abstract: "Draws what layers make of an image, the strongest channels first.",
    discussion: "Without --model and --weights: the unet that ships.")

  @Argument(help: ArgumentHelp("An image.", valueName: "image"))
  var image: String

  @OptionGroup var modelOptions: OneModelOptions

  @Option(help: "A layer; may be repeated. Default: the last one at each resolution.")
  var layer: [String] = []

  @Option(help: "How many channels of each layer are shown.")
  var top = 16

  @OptionGroup var limitOptions: LimitOptions
  @OptionGroup var sheetOptions: SheetOptions<Self>

  func validate() throws {
    if !(1...4096).contains(top) { throw ValidationError("--top: expected 1…4096, found \(top)") }
  }

  func run() throws {
    try sheetOptions.check(input: image)
    let model = try InspectedModel.orRandom(modelOptions.options)
    let network = model.network
    let picture = model.fitted(try ImageReader.read(image, limits: limitOptions.limits))
    let input = try network.tensor(of: picture)
    let layers =
      layer.isEmpty
      ? try network.layersBeforeChangesOfSize(for: input.shape) : try layer.map { try network.layer($0) }
    let found = try network.activations(of: layers, for: input, pool: sheetOptions.pool())
    let names = layer.isEmpty ? nil : zip(layers, layer).map { network.title(ofLayer: $0, named: $1) }
    try sheetOptions.write(
      LayerActivation.sheet(
        found, names: names, top: top, picture: picture, title: "\(network.name): activations of \(image)"))
    let report = ActivationReport(
      model: network.name, input: image, output: sheetOptions.output, found, top: top)
    try sheetOptions.print(report, or: report.table)
  }
}

/// What `inspect activations --json` prints.
struct ActivationReport: Encodable {
  struct Channel: Encodable {
    let channel: Int
    let strength: Double
  }

  struct Layer: Encodable {
    let name: String
    let `operator`: String
    let shape: [Int]
    let channels: [Channel]
  }

  let model: String
  let input: String
  let output: String
  let layers: [Layer]

  init(model: String, input: String, output: String, _ found: [LayerActivation], top: Int) {
    (self.model, self.input, self.output) = (model, input, output)
    layers = found.map { layer in
      Layer(
        name: layer.layer, operator: layer.label, shape: layer.shape.extents,
        channels: layer.channels.prefix(top).map { Channel(channel: $0.index, strength: $0.strength) })
    }
  }

  var table: String {
    let lines = layers.map { layer in
      let strongest = layer.channels.prefix(5).map { "\($0.channel) (\(decimals($0.strength, 3)))" }
      return "  \(layer.name)  \(layer.shape.map(String.init).joined(separator: "×"))  strongest "
        + strongest.joined(separator: ", ")
    }
    return (["\(input) → \(output)"] + lines).joined(separator: "\n")
  }
}
