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

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "The layer whose maps Grad-CAM weighs. Default: the last that the classes are made of.")
  var layer: String?

  @Flag(
    help: "Explain the class's mean logit over the whole image, not over the pixels that are given the class."
  )
  var wholeImage = false

  @Option(help: "How many images are looked at, spread evenly over the split. Default: all.")
  var count: Int?

  @OptionGroup var sheetOptions: SheetOptions

  func validate() throws {
    try modelOptions.requireOne()
    if let count, count < 1 { throw ValidationError("--count: expected 1 or more, found \(count)") }
  }

  func run() throws {
    let dataset = try Dataset(try DatasetDescription.read(data), split: split)
    let model = try InspectedModel(modelOptions, for: .segmentation)
    try model.architecture.check(dataset)
    let network = model.network
    if network.classes != dataset.classes {
      throw CommandError.otherClasses(
        data: dataset.title, model: network.name, expected: network.classes, found: dataset.classes)
    }
    let chosen = try layer.map { try network.layer($0) }
    let pool = sheetOptions.threadOptions.pool()
    var game = PointingGame(classes: dataset.classes.count)
    var planned: (shape: Shape, cam: GradCAM)?
    let images = min(count ?? dataset.count, dataset.count)
    for place in 0..<images {
      Console.progress("\(place)/\(images)")
      let index = place * dataset.count / images
      let sample = try dataset.sample(at: index)
      guard let truth = sample.mask else { continue }
      let input = try network.tensor(of: sample.image)
      let cam =
        if let planned, planned.shape == input.shape {
          planned.cam
        } else {
          try GradCAM(network, input: input.shape, layer: chosen, pool: pool)
        }
      planned = (input.shape, cam)
      for label in Set(truth.labels).sorted() where Int(label) < dataset.classes.count {
        let target = ExplanationTarget(class: Int(label), region: wholeImage ? .everything : .predicted)
        game.add(try cam.explanation(of: target, for: input), truth: truth)
      }
    }
    Console.endProgress()
    let report = PointingReport(model: network.name, data: dataset.title, classes: dataset.classes, game)
    try sheetOptions.json ? Console.json(report) : Console.result(report.table)
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
        name: name, images: count.images, hits: count.hits, accuracy: count.accuracy, chance: count.meanChance)
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

  private static func percent(_ share: Double?) -> String { share.map { "\(decimals(100 * $0, 1)) %" } ?? "–" }
}
