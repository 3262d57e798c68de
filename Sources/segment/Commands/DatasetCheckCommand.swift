import ArgumentParser
import Datasets
import TensorCore

/// `segment dataset check`
struct CheckDataset: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Finds everything that is wrong with a dataset.",
    discussion: """
      Reads every file of all splits: missing pairs, sizes that differ, unreadable files, labels out of range, masks of \
      another kind with the label map that mends them, empty splits, classes that never occur, and pictures that stand \
      in several splits. Exit status: 0 when nothing must be mended, 1 otherwise.
      """)

  @Argument(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var dataset: String

  @Flag(help: "Print one JSON value.")
  var json = false

  @Flag(help: "Write the label map that mends the masks into the description, where it leaves no doubt.")
  var fix = false

  @OptionGroup var threadOptions: ThreadOptions

  func run() throws {
    let pool = threadOptions.pool()
    var report = try check(pool)
    var isFixed = false
    if fix, let map = report.labelMap, !map.isCertain {
      Console.note(
        "\(dataset): wrote nothing, because '\(map.line)' is a guess; add it by hand if it is right")
    } else if fix, let map = report.labelMap {
      try LabelMapWriter.write(map, to: dataset)
      Console.note("\(dataset): wrote '\(map.line)'")
      report = try check(pool)
      isFixed = true
    }
    try json ? Console.json(CheckReport(report, isFixed: isFixed)) : Console.result(report.text)
    if report.hasErrors { throw ExitCode.failure }
  }

  private func check(_ pool: ThreadPool) throws -> DatasetReport {
    defer { Console.endProgress() }
    return try DatasetCheck(try DatasetDescription.read(dataset), pool: pool).run { split, done, count in
      if done.isMultiple(of: 16) || done == count { Console.progress("\(split) \(done)/\(count)") }
    }
  }
}

/// What `check --json` prints.
struct CheckReport: Encodable {
  struct Finding: Encodable {
    let group: String
    let severity: String
    let split: String?
    let message: String
  }

  let dataset: String
  let samples: [String: Int]
  let errors: Int
  let warnings: Int
  let findings: [Finding]
  let labels: [String: String]?
  let labelsAreCertain: Bool?
  let fixed: Bool

  enum CodingKeys: String, CodingKey {
    case dataset, samples, errors, warnings, findings, labels, fixed
    case labelsAreCertain = "labels_are_certain"
  }

  init(_ report: DatasetReport, isFixed: Bool) {
    dataset = report.name
    samples = Dictionary(report.splits.map { ($0.name, $0.samples) }) { first, _ in first }
    errors = report.findings.count { $0.severity == .error }
    warnings = report.findings.count - errors
    findings = report.findings.map {
      Finding(
        group: $0.group.rawValue, severity: $0.severity.rawValue, split: $0.split, message: $0.message)
    }
    labels = report.labelMap.map { map in
      Dictionary(map.entries.map { ($0.key.filter { $0 != "\"" }, $0.meaning) }) { first, _ in first }
    }
    labelsAreCertain = report.labelMap?.isCertain
    fixed = isFixed
  }
}

extension DatasetReport {
  /// Findings of a group that are shown; the others are counted.
  private static let shown = 50

  /// The report as people read it.
  var text: String {
    let counts = splits.map { "\($0.name) \($0.samples)" }.joined(separator: ", ")
    var lines = ["\(name): \(counts)"]
    for group in DatasetFinding.Group.allCases {
      let found = findings(in: group)
      if found.isEmpty { continue }
      lines += ["", "\(group.rawValue): \(found.count)"]
      lines += found.prefix(Self.shown).map {
        "  \($0.severity == .warning ? "warning: " : "")\(OneLineError($0.message).description)"
      }
      if found.count > Self.shown {
        lines.append("  … and \(found.count - Self.shown) more; --json lists all")
      }
    }
    if let labelMap {
      let advice =
        labelMap.isCertain
        ? "this line in \(file), which --fix writes, mends the masks:"
        : "this line in \(file) would give these values a meaning; look whether it is the right one:"
      lines += ["", advice, "", "    \(labelMap.line)"]
    }
    let errors = findings.count { $0.severity == .error }
    lines += [
      "", "\(errors) to mend, \(findings.count - errors) warning\(findings.count - errors == 1 ? "" : "s")",
    ]
    return lines.joined(separator: "\n")
  }
}
