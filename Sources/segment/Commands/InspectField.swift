import ArgumentParser
import Images
import Inspection
import TensorCore

/// `segment inspect receptive-field MODEL --layer L [IMAGE]`
struct InspectField: ParsableCommand, PictureCommand {
  static let picture = "receptive-field.png"
  static let configuration = CommandConfiguration(
    commandName: "receptive-field", abstract: "Shows how much of an image one element of a layer sees.",
    discussion: """
      Draws the theoretical box on the image, and the effective field: how strongly the element in the middle of the \
      layer depends on each pixel, by the gradient. Without an image, the field is a mean over eight of noise.
      """)

  @OptionGroup var modelArgument: ModelArgument

  @Argument(help: ArgumentHelp("An image.", valueName: "image"))
  var image: String?

  @Option(help: "The layer.")
  var layer: String

  @Option(
    name: .customLong("on"),
    help: "A layer before it, on whose output the field is measured. Default: the image.")
  var start: String?

  @Option(
    help: "The size of the noise in pixels, HEIGHTxWIDTH. Default: what the architecture was described for.")
  var size: ImageSize?

  @OptionGroup var limitOptions: LimitOptions
  @OptionGroup var sheetOptions: SheetOptions<Self>

  func validate() throws {
    if image != nil && start != nil {
      throw ValidationError("--on: expected no image, whose pixels are not the layer's; leave one out")
    }
    if image != nil && size != nil {
      throw ValidationError("--size: expected no image, which has a size; leave one out")
    }
  }

  func run() throws {
    let opened = try InspectedModel.orRandom(modelArgument.options)
    var network = opened.network
    let end = try network.layer(layer)
    let name = network.graph.nodes[end].name
    if let start { network = try network.part(from: try network.layer(start), to: end) }
    let index = try network.layer(name)
    let pool = sheetOptions.pool()
    var picture: Raster?
    let field: FieldOfView
    if let image {
      try sheetOptions.check(input: image)
      let fitted = opened.fitted(try ImageReader.read(image, limits: limitOptions.limits))
      picture = fitted
      let input = try network.tensor(of: fitted)
      field = try network.fieldOfView(ofLayer: index, shape: input.shape, inputs: [input], pool: pool)
    } else {
      let nominal = network.nominal.with(batch: 1)
      let shape = size.map { nominal.with(height: $0.height, width: $0.width) } ?? nominal
      field = try network.fieldOfView(
        ofLayer: index, shape: shape, inputs: network.noise(shape, count: 8, seed: 0), pool: pool)
    }
    let called = network.title(ofLayer: index, named: layer)
    try sheetOptions.write(field.sheet(model: network.name, called: called, picture: picture))
    let report = FieldReport(model: network.name, on: start, field, output: sheetOptions.output)
    try sheetOptions.print(
      report, or: (["\(field.layer) → \(sheetOptions.output)"] + field.facts).joined(separator: "\n  "))
  }
}

/// What `inspect receptive-field --json` prints.
struct FieldReport: Encodable {
  struct Box: Encodable {
    let top: Int
    let left: Int
    let bottom: Int
    let right: Int
  }

  struct Effective: Encodable {
    let pixels: Int
    let side: Double
    let threshold: Double
    let reach: Box?
  }

  let model: String
  let layer: String
  let `operator`: String
  let on: String
  let height: Int
  let width: Int
  let stride: [Double]
  let element: [Int]
  let box: Box
  let effective: Effective
  let output: String

  init(model: String, on start: String?, _ field: FieldOfView, output: String) {
    (self.model, layer, self.operator, on) = (model, field.layer, field.label, start ?? "input")
    (height, width) = (field.theoretical.height, field.theoretical.width)
    stride = [field.theoretical.strideHeight, field.theoretical.strideWidth]
    element = [field.element.height, field.element.width]
    func box(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) -> Box {
      Box(top: rows.lowerBound, left: columns.lowerBound, bottom: rows.upperBound, right: columns.upperBound)
    }
    self.box = box(field.rows, field.columns)
    effective = Effective(
      pixels: field.seenPixels, side: field.effectiveSide, threshold: Double(FieldOfView.threshold),
      reach: field.support.map { box($0.rows, $0.columns) })
    self.output = output
  }
}
