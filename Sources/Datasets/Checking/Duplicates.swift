/// Pictures that stand in several splits, by their pixels.
enum Duplicates {
  /// A finding for each picture of a split that an earlier split has too.
  ///
  /// A file that two splits share is an error like a copy, unless one split has all files of the other: parts of a
  /// whole are described that way, which is worth no more than a warning.
  static func findings(_ splits: [CheckedSplit]) -> [DatasetFinding] {
    var findings: [DatasetFinding] = []
    for (number, split) in splits.enumerated() {
      for earlier in splits[..<number] { findings += compare(earlier, split) }
    }
    return findings
  }

  private static func compare(_ first: CheckedSplit, _ second: CheckedSplit) -> [DatasetFinding] {
    var places: [ContentHash: Int] = [:]
    for (index, facts) in first.facts.enumerated() {
      if let hash = facts.hash, places[hash] == nil { places[hash] = index }
    }
    let names = Set(first.dataset.names)
    let shared = second.dataset.names.count { names.contains($0) }
    let isPart = shared > 0 && (shared == first.dataset.count || shared == second.dataset.count)
    var findings: [DatasetFinding] = []
    for (index, facts) in second.facts.enumerated() {
      let name = second.dataset.name(at: index)
      if isPart && names.contains(name) { continue }
      guard let hash = facts.hash, let place = places[hash] else { continue }
      let other = first.dataset.name(at: place)
      let message =
        name == other
        ? "\(name): expected it in one split, found it in '\(first.name)' and '\(second.name)'; remove it from one"
        : "\(name): expected pictures that no other split has, found those of \(other) in '\(first.name)'; "
          + "remove it from '\(second.name)'"
      findings.append(DatasetFinding(.duplicates, split: second.name, message))
    }
    if isPart {
      findings.append(
        DatasetFinding(
          .duplicates, .warning, split: second.name,
          "splits '\(first.name)' and '\(second.name)' share \(shared) samples; train and validate on others")
      )
    }
    return findings
  }
}

extension Dataset {
  /// What the samples are called.
  var names: [String] { (0..<count).map { name(at: $0) } }
}
