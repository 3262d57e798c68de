import ArgumentParser
import Datasets
import Images
import Inspection
import TensorCore

/// `segment inspect pointing --data DATASET --split val`
struct InspectPointing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pointing", abstract: "Measures how often Grad-CAM points at a class where it is.",
    discussion: """
      For each image of a split and each class that its mask shows: whether the strongest evidence for the class lies on \
      it, against the share of pixels that the class covers, which is what chance comes to.
      """)

  @Option(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var data: String

  @Option(help: "The split.")
  var split = "val"

  @OptionGroup var modelOptions: OneModelOptions

  @Option(help: "The layer whose maps Grad-CAM weighs. Default: the last that the classes are made of.")
  var layer: String?

  @Flag(
    help: "Explain the class's mean logit over the whole image, not over the pixels that are given the class."
  )
  var wholeImage = false

  @Option(help: "How many images are looked at, spread evenly over the split. Default: all.")
  var count: Int?

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count: expected 1 or more, found \(count)") }
  }

  func run() throws {
    let dataset = try Dataset(try DatasetDescription.read(data), split: split)
    let model = try InspectedModel(modelOptions.options, for: .segmentation)
    try model.architecture.check(dataset)
    let network = model.network
    if network.classes != dataset.classes {
      throw CommandError.otherClasses(
        data: dataset.title, model: network.name, expected: network.classes, found: dataset.classes)
    }
    var round = PointingRound(
      model.network, layer: try layer.map { try model.network.layer($0) },
      region: wholeImage ? .everything : .predicted, pool: reportOptions.pool())
    let images = min(count ?? dataset.count, dataset.count)
    for place in 0..<images {
      Console.progress("\(place)/\(images)")
      let sample = try dataset.sample(at: place * dataset.count / images)
      if let truth = sample.mask { try round.add(sample.image, truth: truth) }
    }
    Console.endProgress()
    let report = PointingReport(
      model: network.name, data: dataset.title, classes: dataset.classes, round.game)
    try reportOptions.print(report, or: report.table)
  }
}

/// What `inspect pointing --json` prints.
struct PointingReport: Encodable {
  struct Class: Encodable {
    let name: String
    let images: Int
    let hits: Int
    /// Null for a class that no image shows.
    @OrNull var accuracy: Double?
    @OrNull var chance: Double?
  }

  let model: String
  let data: String
  let pairs: Int
  @OrNull var accuracy: Double?
  @OrNull var chance: Double?
  let classes: [Class]

  init(model: String, data: String, classes: [String], _ game: PointingGame) {
    (self.model, self.data) = (model, data)
    (pairs, accuracy, chance) = (game.pairs, game.accuracy, game.chance)
    self.classes = zip(classes, game.counts).map { name, count in
      Class(
        name: name, images: count.images, hits: count.hits, accuracy: count.accuracy, chance: count.meanChance
      )
    }
  }

  var table: String {
    let width = classes.map(\.name.count).max() ?? 0
    let lines = classes.map { row in
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      return "  \(name)  \(row.hits) of \(row.images)  \(Self.percent(row.accuracy))  chance "
        + Self.percent(row.chance)
    }
    return
      ([
        "\(model) on \(data): Grad-CAM points at the class in \(Self.percent(accuracy)) of \(pairs) pairs of image and "
          + "class, chance \(Self.percent(chance))"
      ] + lines).joined(separator: "\n")
  }

  private static func percent(_ share: Double?) -> String {
    share.map { "\(decimals(100 * $0, 1)) %" } ?? "–"
  }
}
