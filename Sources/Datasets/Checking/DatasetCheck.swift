import TensorCore

/// Looks at a dataset before anyone trains on it, and finds everything that is wrong with it in one run.
public struct DatasetCheck {
  /// What the dataset's YAML file says.
  public let description: DatasetDescription
  private let pool: ThreadPool

  /// A check that reads on the threads of `pool`.
  public init(_ description: DatasetDescription, pool: ThreadPool) {
    (self.description, self.pool) = (description, pool)
  }

  /// Files of a split that take at most so many bytes are read whole before a training starts.
  public static let readAhead = 1 << 29

  /// Reads every file of some splits, or of all.
  ///
  /// - Parameter progress: called with a split, the number of its samples read so far and of all its samples, from one
  ///   thread at a time.
  /// - Throws: `DatasetError.unknownSplit`; all else is in the report.
  public func run(
    splits: [String]? = nil, progress: (String, Int, Int) -> Void = { _, _, _ in }
  ) throws(DatasetError) -> DatasetReport {
    if let unknown = splits?.first(where: { !description.splits.contains($0) }) {
      throw .unknownSplit(file: description.file, split: unknown, existing: description.splits)
    }
    var findings: [DatasetFinding] = []
    var sizes: [DatasetReport.SplitSize] = []
    var checked: [CheckedSplit] = []
    for split in splits ?? description.splits {
      guard let dataset = open(split, &findings) else {
        sizes.append(.init(name: split, samples: 0))
        continue
      }
      sizes.append(.init(name: split, samples: dataset.count))
      if dataset.isDrawn { continue }
      let facts = FactCollector.facts(dataset, depth: .pixels, pool: pool) {
        progress(split, $0, dataset.count)
      }
      findings += facts.flatMap { facts in facts.problems.map { DatasetFinding($0, split: split) } }
      checked.append(CheckedSplit(name: split, dataset: dataset, facts: facts))
    }
    let proposal = LabelMapProposal(description, checked.flatMap(\.facts))
    if let proposal {
      findings += checked.compactMap { split in
        proposal.error(split.facts, images: split.dataset.name, file: description.file).map {
          DatasetFinding($0, split: split.name)
        }
      }.prefix(1)
    }
    findings += Duplicates.findings(checked)
    findings += ClassFindings.findings(checked, file: description.file)
    let groups = DatasetFinding.Group.allCases
    return DatasetReport(
      name: description.name, file: description.file, splits: sizes,
      findings: groups.flatMap { group in Self.unique(findings.filter { $0.group == group }) },
      labelMap: proposal)
  }

  /// What would stop a training on a split: all that is wrong with names and headers of files, and with their pixels
  /// where the files take at most `readAhead` bytes; larger data are read while they are trained on.
  ///
  /// - Parameter isForTraining: whether masks that leave nothing to learn are a fault.
  public func faults(
    split: String, isForTraining: Bool = true, progress: (Int, Int) -> Void = { _, _ in }
  ) -> [DatasetError] {
    var problems: [DatasetError] = []
    do throws(DatasetError) {
      let dataset = try Dataset(description, split: split, problems: &problems)
      if !dataset.isDrawn && !dataset.isInMemory {
        let depth: FactCollector.Depth = dataset.bytes <= Self.readAhead ? .pixels : .headers
        let facts = FactCollector.facts(dataset, depth: depth, pool: pool) { progress($0, dataset.count) }
        problems += facts.flatMap(\.problems)
        let silent = LabelMapProposal(description, facts)?.error(
          facts, images: dataset.name, file: description.file)
        if let silent, isForTraining { problems.append(silent) }
      }
    } catch {
      problems.append(error)
    }
    return problems
  }

  /// The split, as far as it can be opened.
  private func open(_ split: String, _ findings: inout [DatasetFinding]) -> Dataset? {
    var problems: [DatasetError] = []
    defer { findings += problems.map { DatasetFinding($0, split: split) } }
    do throws(DatasetError) {
      return try Dataset(description, split: split, problems: &problems)
    } catch {
      problems.append(error)
      return nil
    }
  }

  /// Without those that say the same of several splits with the same files.
  private static func unique(_ findings: [DatasetFinding]) -> [DatasetFinding] {
    var seen: Set<String> = []
    return findings.filter { seen.insert($0.message).inserted }
  }
}

/// A split whose samples were read.
struct CheckedSplit {
  let name: String
  let dataset: Dataset
  let facts: [SampleFacts]
}
