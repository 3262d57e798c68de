import ArgumentParser
import Images
import Inspection

extension ExplanationMethod: ExpressibleByArgument {}

/// `segment inspect cam IMAGE --class C`
struct InspectCam: ParsableCommand, PictureCommand {
  static let picture = "cam.png"
  static let configuration = CommandConfiguration(
    commandName: "cam", abstract: "Shows which pixels of an image speak for a class.",
    discussion: """
      Explains the logit of a class: of a classifier for the whole image, of a network that gives every pixel a class \
      its mean over the pixels that it gives the class, or over --region. Without --model and --weights: the unet that \
      ships.
      """)

  @Argument(help: ArgumentHelp("An image.", valueName: "image"))
  var image: String

  @Option(name: .customLong("class"), help: "Index or name of the class.")
  var className: String

  @OptionGroup var modelOptions: OneModelOptions

  @Option(help: "How evidence is found.")
  var method = ExplanationMethod.gradCAM

  @Option(
    help: "The layer whose maps Grad-CAM weighs. Default: the last that the classes are made of.")
  var layer: String?

  @Option(help: ArgumentHelp("The pixels that are explained.", valueName: "x,y,width,height"))
  var region: String?

  @Option(help: "The side of the patches of occlusion, in pixels. Default: an eighth of the shorter side.")
  var patch: Int?

  @OptionGroup var limitOptions: LimitOptions
  @OptionGroup var sheetOptions: SheetOptions<Self>

  func validate() throws {
    if let region, ExplanationTarget.box(region) == nil {
      throw ValidationError("--region: expected x,y,width,height in pixels, found '\(region)'")
    }
    if layer != nil && method != .gradCAM {
      throw ValidationError("--layer: expected --method grad-cam, found \(method.rawValue), which has none")
    }
    if patch != nil && method != .occlusion {
      throw ValidationError("--patch: expected --method occlusion, found \(method.rawValue), which has none")
    }
    if let patch, patch < 1 { throw ValidationError("--patch: expected 1 or more pixels, found \(patch)") }
  }

  func run() throws {
    try sheetOptions.check(input: image)
    let model = try InspectedModel.orRandom(modelOptions.options)
    let network = model.network
    if region != nil && model.architecture.task == .classification {
      throw InspectionError.regionOfClassifier(model: network.name)
    }
    let index = try network.classIndex(className)
    let picture = model.fitted(try ImageReader.read(image, limits: limitOptions.limits))
    let isClassifier = model.architecture.task == .classification
    let chosen = isClassifier ? .everything : region.flatMap(ExplanationTarget.box) ?? .predicted
    let explanation = try network.explanation(
      of: ExplanationTarget(class: index, region: chosen), for: try network.tensor(of: picture), by: method,
      layer: try layer.map { try network.layer($0) }, patch: patch, pool: sheetOptions.pool(),
      progress: { Console.progress("\($0)/\($1) runs") })
    Console.endProgress()
    let called = try layer.map { network.title(ofLayer: try network.layer($0), named: $0) }
    try sheetOptions.write(
      explanation.sheet(
        of: picture, model: network.name, className: network.classes[index], called: called))
    let report = CamReport(
      explanation, model: network.name, input: image, name: network.classes[index],
      output: sheetOptions.output, height: picture.height, width: picture.width)
    try sheetOptions.print(report, or: report.table)
  }
}

/// What `inspect cam --json` prints.
struct CamReport: Encodable {
  struct Peak: Encodable {
    let x: Int
    let y: Int
    let value: Float
  }

  /// Where the map's elements lie: the pixel that the first looks at, from 0 in the middle of the first pixel, and how
  /// many pixels further the next.
  struct Grid: Encodable {
    let x: Double
    let y: Double
    let strideX: Double
    let strideY: Double

    enum CodingKeys: String, CodingKey {
      case x, y
      case strideX = "stride_x"
      case strideY = "stride_y"
    }
  }

  let model: String
  let input: String
  let output: String
  let method: String
  let layer: String?
  let index: Int
  let name: String
  /// The class's mean logit, or probability of occlusion, over the region.
  let score: Double
  /// Pixels of the region.
  let region: Int
  /// The pixel with the most evidence; null where nothing speaks for the class.
  @OrNull var peak: Peak?
  /// The evidence, rows from the top.
  let map: [[Float]]
  let grid: Grid

  init(
    _ explanation: Explanation, model: String, input: String, name: String, output: String, height: Int,
    width: Int
  ) {
    (self.model, self.input, self.output, self.name) = (model, input, output, name)
    (method, layer, index) = (explanation.method.rawValue, explanation.layer, explanation.classIndex)
    (score, region) = (explanation.score, explanation.region.count { $0 })
    let value = explanation.evidence(height: height, width: width).range.highest
    peak = explanation.peak(height: height, width: width).map { Peak(x: $0.column, y: $0.row, value: value) }
    let (map, grid) = (explanation.map, explanation.grid)
    self.grid = Grid(x: grid.left, y: grid.top, strideX: grid.columnStep, strideY: grid.rowStep)
    self.map = (0..<map.rows).map { Array(map.values[$0 * map.columns..<($0 + 1) * map.columns]) }
  }

  var table: String {
    """
    \(input) → \(output)
      \(name) by \(method)\(layer.map { " of \($0)" } ?? "")  score \(decimals(score, 3))  \
    \(peak.map { "strongest at \($0.x),\($0.y)" } ?? "nothing speaks for it")
    """
  }
}
