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
      architectures: NetworkRegistry.architectures.map { architecture in
        .init(
          name: architecture.name, source: architecture.source,
          arguments: architecture.parameters.map {
            .init(name: $0.name, help: $0.help, standard: $0.standard)
          })
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
    var lines = ["Architectures (--model):"]
    for entry in architectures {
      lines.append("  \(entry.name)  \(entry.source)")
      for argument in entry.arguments {
        lines.append("    --set \(argument.name)=\(argument.standard)  \(argument.help)")
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
}
