import Augmentation

/// Classes that never occur, and masks that hold one value only.
enum ClassFindings {
  static func findings(_ splits: [CheckedSplit], file: String) -> [DatasetFinding] {
    uniform(splits) + absent(splits, file: file)
  }

  private static func uniform(_ splits: [CheckedSplit]) -> [DatasetFinding] {
    splits.filter { $0.dataset.truth == .mask }.flatMap { split in
      split.facts.indices.compactMap { index in
        let labels = split.facts[index].labels
        guard labels.count == 1, let only = labels.first, split.facts[index].problems.isEmpty else {
          return nil
        }
        let found = only.label == Sample.ignoredLabel ? "no class" : "'\(split.dataset.classes[only.label])'"
        return DatasetFinding(
          .uniform, .warning, split: split.name,
          "\(split.dataset.maskName(at: index)): expected several classes, found \(found) in every pixel; "
            + "look at the mask")
      }
    }
  }

  private static func absent(_ splits: [CheckedSplit], file: String) -> [DatasetFinding] {
    // What could not be read may hold anything.
    let readable = splits.filter { !$0.facts.isEmpty && $0.facts.allSatisfy(\.problems.isEmpty) }
    guard readable.count == splits.count else { return [] }
    return splits.flatMap { split -> [DatasetFinding] in
      let occurring = Set(split.facts.flatMap { $0.labels.map(\.label) })
      return split.dataset.classes.enumerated().filter { !occurring.contains($0.offset) }.map { label, name in
        DatasetFinding(
          .classes, .warning, split: split.name,
          "\(file): expected class \(label) '\(name)' in split '\(split.name)', found it in no sample; "
            + "check 'classes' and 'labels'")
      }
    }
  }
}
