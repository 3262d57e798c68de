import ArgumentParser
import Datasets
import Inference
import Segmentation
import TensorCore
import Training

/// `segment evaluate --data DATASET`
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a model on a split of a dataset.",
    discussion: """
      Images with masks are predicted at their full size. Images with a class each are brought to the size of the \
      network's training.
      """)

  @Option(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var data: String

  @Option(help: "The split.")
  var split = "val"

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Counts the regions of this class, by name or index, that one predicted region covers by more than half (IoU).",
      valueName: "class"))
  var objects: String?

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions

  func run() throws {
    let dataset = try Dataset(try DatasetDescription.read(data), split: split)
    let pool = threadOptions.pool()
    let ensemble = try modelOptions.loadEnsemble(pool: pool)
    for model in ensemble.members {
      if let name = model.checkpoint.architecture { try NetworkRegistry.architecture(name).check(dataset) }
      // With as many classes as the data, but others, every figure would be wrong without a word.
      let names = model.checkpoint.classes
      if names.count == dataset.classes.count && names != dataset.classes {
        throw CommandError.otherClasses(
          data: dataset.title, model: model.name, expected: names, found: dataset.classes)
      }
    }
    let progress: (Int) -> Void = { Console.progress("\($0)/\(dataset.count)") }
    switch dataset.truth {
    case .mask:
      let normalization = ensemble.first.normalization
      for model in ensemble.members where model.normalization != normalization {
        throw CommandError.otherNormalization(file: model.name, first: ensemble.first.name)
      }
      let evaluator = Evaluator(ensemble.members.map(\.network), normalization: normalization, pool: pool)
      let label = try objects.map { UInt8(try dataset.classes.index(ofClass: $0, option: "--objects")) }
      let scores = try evaluator.evaluate(dataset, boundary: true, objects: label, progress: progress)
      Console.endProgress()
      let report = EvaluationReport(model: ensemble.name, data: dataset.title, scores)
      try json ? Console.json(report) : Console.result(report.table)
    case .label:
      if objects != nil { throw CommandError.objectsOfLabels(data: dataset.title) }
      let evaluator = ClassificationEvaluator(ensemble.members.map(Self.member), pool: pool)
      let scores = try evaluator.evaluate(dataset, progress: progress)
      Console.endProgress()
      let report = ClassificationReport(model: ensemble.name, data: dataset.title, scores)
      try json ? Console.json(report) : Console.result(report.table)
    }
  }

  /// A classifier, with how it takes its pictures.
  private static func member(_ model: LoadedModel) -> ClassificationEvaluator.Member {
    let size = model.trainingSize
    let form = InputForm(
      channels: model.network.channels, size: PixelSize(width: size.width, height: size.height),
      fit: model.checkpoint.fit ?? .cover)
    return .init(model.network, form: form, normalization: model.normalization)
  }
}

/// What `evaluate` prints.
struct EvaluationReport: Encodable {
  struct ClassScore: Encodable {
    let name: String
    let iou: Double?
    let accuracy: Double?
    let dice: Double?
    let boundaryF1: Double?

    enum CodingKeys: String, CodingKey {
      case name, iou, accuracy, dice
      case boundaryF1 = "boundary_f1"
    }
  }

  /// Regions of a class.
  struct Objects: Encodable {
    let name: String
    let expected: Int
    let predicted: Int
    let found: Int
    let recall: Double?
    let f1: Double?
  }

  let model: String
  let data: String
  let images: Int
  let meanIoU: Double
  let frequencyWeightedIoU: Double
  let pixelAccuracy: Double
  let classAccuracy: Double
  let dice: Double
  let foregroundDice: Double?
  let boundaryF1: Double?
  let iou: [String: Double?]
  let classes: [ClassScore]
  let confusion: [[Int]]
  let objects: Objects?

  enum CodingKeys: String, CodingKey {
    case model, data, images, dice, iou, classes, confusion, objects
    case meanIoU = "mean_iou"
    case frequencyWeightedIoU = "frequency_weighted_iou"
    case pixelAccuracy = "pixel_accuracy"
    case classAccuracy = "class_accuracy"
    case foregroundDice = "foreground_dice"
    case boundaryF1 = "boundary_f1"
  }

  init(model: String, data: String, _ scores: Scores) {
    let confusion = scores.confusion
    (self.model, self.data, images) = (model, data, scores.images)
    meanIoU = confusion.meanIoU
    frequencyWeightedIoU = confusion.frequencyWeightedIoU
    pixelAccuracy = confusion.pixelAccuracy
    classAccuracy = confusion.classAccuracy
    dice = confusion.meanDice
    foregroundDice = confusion.foregroundDice
    boundaryF1 = scores.boundary.mean
    let (ious, dices, boundaries) = (confusion.iou, confusion.dice, scores.boundary.f1)
    let accuracies = confusion.accuracies
    iou = Dictionary(uniqueKeysWithValues: zip(scores.classes, ious))
    classes = scores.classes.indices.map {
      ClassScore(
        name: scores.classes[$0], iou: ious[$0], accuracy: accuracies[$0], dice: dices[$0],
        boundaryF1: boundaries[$0])
    }
    self.confusion = confusion.rows
    objects = scores.objects.map {
      Objects(
        name: scores.classes[Int($0.label)], expected: $0.expected, predicted: $0.predicted, found: $0.found,
        recall: $0.recall, f1: $0.f1)
    }
  }

  var table: String {
    let width = classes.map(\.name.count).max() ?? 0
    func cell(_ value: Double?) -> String { value.map { decimals($0, 4) } ?? "   –  " }
    var lines = ["\(model) on \(data), \(images) images"]
    lines.append(
      "  " + "class".padding(toLength: width, withPad: " ", startingAt: 0)
        + "  IoU     accuracy  Dice    boundary F1")
    for row in classes {
      let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append(
        "  \(name)  \(cell(row.iou))  \(cell(row.accuracy))    \(cell(row.dice))  \(cell(row.boundaryF1))")
    }
    lines.append(
      "mean IoU \(decimals(meanIoU, 4))  pixel accuracy \(decimals(pixelAccuracy, 4))  class accuracy "
        + "\(decimals(classAccuracy, 4))  Dice \(decimals(dice, 4))  boundary F1 "
        + (boundaryF1.map { decimals($0, 4) } ?? "–"))
    lines.append("IoU weighted by frequency \(decimals(frequencyWeightedIoU, 4))")
    if let foregroundDice {
      lines.append("Dice of all classes but the first together \(decimals(foregroundDice, 4))")
    }
    if let objects {
      lines.append(
        "regions of \(objects.name): \(objects.found) of \(objects.expected) found"
          + (objects.recall.map { " (\(decimals($0, 4)))" } ?? "") + ", \(objects.predicted) predicted"
          + (objects.f1.map { ", F1 \(decimals($0, 4))" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }
}
