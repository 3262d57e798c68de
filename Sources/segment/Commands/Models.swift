import ArgumentParser
import Segmentation
import Weights

/// `segment models`
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the architectures, and the models that ship with weights.")

  @Flag(help: "Print one JSON value.")
  var json = false

  func run() throws {
    let shipped = try ShippedModels.installed().all()
    let report = ModelsReport(
      architectures: NetworkRegistry.families.flatMap { family in
        family.variants.map { architecture in
          .init(
            name: architecture.name, task: family.task.rawValue, variants: family.variants.map(\.name),
            source: architecture.source,
            arguments: architecture.parameters.map {
              .init(name: $0.name, help: $0.help, standard: $0.standard)
            })
        }
      },
      weights: shipped.map {
        .init(
          name: $0.name, architecture: $0.architecture ?? "", bytes: $0.bytes, licence: $0.licence ?? "",
          classes: $0.description.classes, scores: $0.description.scores)
      })
    try json ? Console.json(report) : Console.result(report.table)
  }
}

/// What `models` prints.
struct ModelsReport: Encodable {
  struct Argument: Encodable {
    let name: String
    let help: String
    let standard: Int
  }

  struct Entry: Encodable {
    let name: String
    let task: String
    /// The networks of its source that take the same arguments, this one among them.
    let variants: [String]
    let source: String
    let arguments: [Argument]
  }

  struct Shipped: Encodable {
    let name: String
    let architecture: String
    let bytes: Int
    let licence: String
    let classes: [String]
    let scores: [String: Double]
  }

  let architectures: [Entry]
  let weights: [Shipped]

  var table: String {
    var lines: [String] = []
    for (title, task) in [
      ("Networks that give every pixel a class (--model):", Architecture.Task.segmentation),
      ("Networks that give an image a class (--model):", .classification),
    ] {
      lines.append(title)
      for family in NetworkRegistry.families where family.task == task {
        lines += Self.lines(of: family)
      }
    }
    lines.append("Weights that ship (--weights):")
    for entry in weights {
      let size = decimals(Double(entry.bytes) / 1e6, 1)
      lines.append("  \(entry.name)  \(entry.architecture), \(entry.classes.count) classes, \(size) MB")
      lines.append("    classes: \(entry.classes.joined(separator: ", "))")
      if let iou = entry.scores["mean_iou"] { lines.append("    mean IoU \(decimals(iou, 4))") }
      lines.append("    licence: \(entry.licence)")
    }
    return lines.joined(separator: "\n")
  }

  /// The names, four on a line, then the source and the arguments.
  private static func lines(of family: ArchitectureFamily) -> [String] {
    let names = family.variants.map(\.name)
    let rows = stride(from: 0, to: names.count, by: 4).map {
      "  " + names[$0..<min($0 + 4, names.count)].joined(separator: "  ")
    }
    let arguments = family.arguments.map { argument in
      let values = argument.standards.map(String.init).joined(separator: "|")
      return "    --set \(argument.name)=\(values)  \(argument.help)"
    }
    return rows + ["    \(family.source)"] + arguments
  }
}
