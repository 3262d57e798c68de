import ArgumentParser
import Files
import Foundation
import Images
import Inference
import Segmentation

/// `segment heatmap INPUT --model NAME --weights FILE`
struct Heatmap: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows where in an image a classifier sees a class.",
    usage: """
      segment heatmap <input> [--model <model>] [--weights <weights>] [--set <set> ...] [--class <class>] \
      [--output <output>] [--json] [--max-pixels <max-pixels>] [--max-side <max-side>] [--max-scans <max-scans>] \
      [--threads <threads>]
      """,
    discussion: """
      Makes the classifier fully convolutional and slides it over the whole image. Writes NAME.heatmap.png, the class's \
      probabilities in colours over the image in gray, and prints the class with their mean and their largest.
      """)

  @Argument(help: ArgumentHelp("An image, at least as large as those of the training.", valueName: "input"))
  var input: String

  @OptionGroup var modelOptions: OneModelOptions

  @Option(name: .customLong("class"), help: "Index or name of a class. Default: the most probable one.")
  var className: String?

  @Option(help: "The PNG file to write. Default: beside the image.")
  var output: String?

  @Flag(help: "Print one JSON value, with the probability of every cell.")
  var json = false

  @OptionGroup var limitOptions: LimitOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try modelOptions.options.requireModel()
    if let output, !output.lowercased().hasSuffix(".png") {
      throw ValidationError("--output: expected a name that ends in .png, found '\(output)'")
    }
  }

  func run() throws {
    let target = output ?? input.withoutFileExtension + ClassHeatMap.suffix
    if target.isSameFile(as: input) { throw InferenceError.outputIsInput(path: target) }
    let picture = try ImageReader.read(input, limits: limitOptions.limits)
    let source = try modelOptions.options.source(for: .classification)
    let mapper = try HeatMapper(
      name: source.name, graph: source.graph, checkpoint: source.checkpoint, pool: threadOptions.pool())
    let found = try mapper.heatMap(of: picture, class: className, name: input)
    try DurableFile.write(try PictureWriter.png(found.overlay()), to: target)
    let report = HeatmapReport(model: mapper.model.name, input: input, output: target, found)
    try json ? Console.json(report) : Console.result(report.table)
  }
}

/// What `heatmap --json` prints.
struct HeatmapReport: Encodable {
  let model: String
  let input: String
  let output: String
  let width: Int
  let height: Int
  let index: Int
  let name: String
  let mean: Double
  let peak: Float
  /// Height and width of what a cell stands for, in pixels.
  let size: [Int]
  /// Pixels from a cell to the next, down and to the right.
  let stride: [Int]
  /// The probability of each cell, rows from the top.
  let cells: [[Float]]

  init(model: String, input: String, output: String, _ found: ClassHeatMap) {
    (self.model, self.input, self.output) = (model, input, output)
    (width, height) = (found.picture.width, found.picture.height)
    (index, name) = (found.index, found.name)
    let map = found.map
    (mean, peak) = (map.mean, map.peak.value)
    (size, stride) = ([map.size.height, map.size.width], [map.stride.height, map.stride.width])
    cells = (0..<map.rows).map { Array(map.values[$0 * map.columns..<($0 + 1) * map.columns]) }
  }

  /// The image, where its result lies, and what the class comes to.
  var table: String {
    """
    \(input) (\(width)×\(height)) → \(output)
      \(name)  mean \(decimals(100 * mean, 2)) %  largest \(decimals(100 * Double(peak), 2)) % \
    of \(cells.first?.count ?? 0)×\(cells.count) cells
    """
  }
}
