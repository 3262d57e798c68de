import ArgumentParser
import Datasets
import Files
import Images
import Inference
import Inspection
import Segmentation
import Training

/// `segment inspect errors --data DATASET --split val`
struct InspectErrors: ParsableCommand, PictureCommand {
  static let picture = "errors.html"
  static let configuration = CommandConfiguration(
    commandName: "errors", abstract: "Shows the images of a dataset that a model gets most wrong.",
    discussion: """
      Predicts every image of a split and draws the worst by mean IoU: image, truth, prediction and difference side by \
      side.
      """)

  @Option(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var data: String

  @Option(help: "The split.")
  var split = "val"

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "How many images are shown.")
  var count = 20

  @OptionGroup var sheetOptions: SheetOptions<Self>

  func validate() throws {
    if !(1...500).contains(count) { throw ValidationError("--count: expected 1…500, found \(count)") }
  }

  func run() throws {
    let output = sheetOptions.output
    let dataset = try Dataset(try DatasetDescription.read(data), split: split)
    if dataset.definition.hasSample(file: output) {
      throw CommandError.outputIsSample(path: output, data: dataset.definition.name)
    }
    let pool = sheetOptions.pool()
    let ensemble = try modelOptions.loadEnsemble(pool: pool, for: .segmentation)
    try check(dataset, ensemble)
    let predictor = try Predictor(ensemble, pool: pool)
    var gallery = ErrorGallery(
      title: "\(ensemble.name) on \(dataset.title): the worst images", classes: dataset.classes,
      palette: dataset.definition.colors.isEmpty ? predictor.palette : Palette(dataset.definition.colors),
      limit: count)
    for index in 0..<dataset.count {
      Console.progress("\(index)/\(dataset.count)")
      let sample = try dataset.sample(at: index)
      guard let truth = sample.mask else { continue }
      let name = dataset.name(at: index)
      let prediction = try predictor.predict(sample.image, name: name).mask
      var confusion = ConfusionMatrix(classes: dataset.classes.count)
      confusion.add(truth: truth.labels, prediction: prediction.labels)
      gallery.add(
        ErrorGallery.Entry(
          name: name, picture: sample.image, truth: truth, prediction: prediction,
          meanIoU: confusion.meanIoU, iou: confusion.iou))
    }
    Console.endProgress()
    try DurableFile.write(try gallery.bytes(for: output), to: output)
    let report = ErrorReport(
      model: ensemble.name, data: dataset.title, output: output,
      images: gallery.ranking.map { score in
        ImageScore(
          name: score.name, meanIoU: score.meanIoU,
          iou: Dictionary(uniqueKeysWithValues: zip(dataset.classes, score.iou)))
      })
    try sheetOptions.print(report, or: report.table(gallery.entries.count))
  }

  /// Throws unless the model gives every pixel one of the data's classes.
  private func check(_ dataset: Dataset, _ ensemble: ModelEnsemble) throws {
    for model in ensemble.members {
      if let name = model.checkpoint.architecture { try NetworkRegistry.architecture(name).check(dataset) }
      guard model.network.classes == dataset.classes.count else {
        throw TrainingError.classCount(
          model: model.network.classes, data: dataset.classes.count, source: dataset.title)
      }
      let names = model.checkpoint.classes
      if names.count == dataset.classes.count && names != dataset.classes {
        throw CommandError.otherClasses(
          data: dataset.title, model: model.name, expected: names, found: dataset.classes)
      }
    }
  }
}

/// The score of one image.
struct ImageScore: Encodable {
  let name: String
  let meanIoU: Double
  let iou: [String: Double?]

  enum CodingKeys: String, CodingKey {
    case name, iou
    case meanIoU = "mean_iou"
  }
}

/// What `inspect errors --json` prints: all images, the worst first.
struct ErrorReport: Encodable {
  let model: String
  let data: String
  let output: String
  let images: [ImageScore]

  func table(_ shown: Int) -> String {
    let width = images.prefix(shown).map(\.name.count).max() ?? 0
    let lines = images.prefix(shown).map {
      "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  mean IoU \(decimals($0.meanIoU, 4))"
    }
    return (["\(model) on \(data): the \(lines.count) worst of \(images.count) images → \(output)"] + lines)
      .joined(separator: "\n")
  }
}
