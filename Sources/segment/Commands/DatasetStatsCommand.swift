import ArgumentParser
import Datasets
import Foundation

/// `segment dataset stats`
struct DatasetStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Counts what a split of a dataset holds.",
    discussion: """
      Pixels and images of each class, sizes, class weights, and mean and standard deviation of the colours, as lines to \
      paste into a recipe.
      """)

  @Argument(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var dataset: String

  @Option(help: "The split.")
  var split = "train"

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions

  func run() throws {
    let dataset = try Dataset(try DatasetDescription.read(dataset), split: split)
    defer { Console.endProgress() }
    let statistics = try DatasetStatistics(dataset, pool: threadOptions.pool()) { done in
      if done.isMultiple(of: 16) || done == dataset.count { Console.progress("\(done)/\(dataset.count)") }
    }
    Console.endProgress()
    try json ? Console.json(StatisticsReport(statistics)) : Console.result(statistics.text)
  }
}

/// What `stats --json` prints.
struct StatisticsReport: Encodable {
  struct ClassRow: Encodable {
    let name: String
    let pixels: Int?
    let images: Int
    let share: Double
  }

  struct SizeRow: Encodable {
    let width: Int
    let height: Int
    let images: Int
  }

  let data: String
  let images: Int
  let classes: [ClassRow]
  let ignored: Int
  let sizes: [SizeRow]
  let weights: [String: [Double]]
  let mean: [Double]
  let deviation: [Double]

  init(_ statistics: DatasetStatistics) {
    (data, images, ignored) = (statistics.title, statistics.images, statistics.ignored)
    classes = zip(statistics.classes, statistics.shares).map {
      ClassRow(
        name: $0.name, pixels: statistics.truth == .mask ? $0.samples : nil, images: $0.images, share: $1)
    }
    sizes = statistics.sizes.map { SizeRow(width: $0.size.width, height: $0.size.height, images: $0.images) }
    let kinds = ClassWeighting.allCases.map { ($0.rawValue, $0.weights(statistics)) }
    weights = Dictionary(uniqueKeysWithValues: kinds)
    (mean, deviation) = (statistics.mean, statistics.deviation)
  }
}

extension DatasetStatistics {
  /// Sizes that are shown; the others are counted.
  private static let shown = 10

  /// The statistics as people read them.
  var text: String {
    let width = max(5, classes.map(\.name.count).max() ?? 0)
    func row(_ cells: [String]) -> String {
      let name = cells[0].padding(toLength: width, withPad: " ", startingAt: 0)
      return "  " + name
        + cells.dropFirst().map { String(repeating: " ", count: max(2, 14 - $0.count)) + $0 }.joined()
    }
    let hasPixels = truth == .mask
    var lines = ["\(title): \(images) images", ""]
    lines.append(row(["class"] + (hasPixels ? ["pixels"] : []) + ["share", "images"]))
    for (entry, share) in zip(classes, shares) {
      lines.append(
        row([entry.name] + (hasPixels ? ["\(entry.samples)"] : []) + [decimals(share, 4), "\(entry.images)"]))
    }
    if ignored > 0 { lines.append(row(["–", "\(ignored)", "without a class", ""])) }
    lines += ["", "sizes, width x height:"]
    lines += sizes.prefix(Self.shown).map { "  \($0.size): \($0.images)" }
    if sizes.count > Self.shown {
      let rest = sizes.dropFirst(Self.shown).reduce(0) { $0 + $1.images }
      lines.append("  \(sizes.count - Self.shown) others: \(rest)")
    }
    lines += ["", "for a recipe:", ""]
    let list = { (values: [Double], text: (Double) -> String) in
      values.map(text).joined(separator: ", ")
    }
    for kind in ClassWeighting.allCases {
      let name = kind.rawValue.replacing("_", with: " ")
      lines.append("    loss: {weights: [\(list(kind.weights(self), significant))]}  # \(name)")
    }
    let fourth = { decimals($0, 4) }
    lines.append(
      "    normalization: {mean: [\(list(mean, fourth))], deviation: [\(list(deviation, fourth))]}")
    return lines.joined(separator: "\n")
  }
}
