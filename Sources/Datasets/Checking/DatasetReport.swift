/// What a check of a dataset found.
public struct DatasetReport: Sendable, Equatable {
  /// The dataset's name.
  public let name: String
  /// The description's file.
  public let file: String
  /// The splits that were checked, with the number of their samples.
  public let splits: [SplitSize]
  /// Everything that was found, by groups, then in the order of splits and files.
  public let findings: [DatasetFinding]
  /// What under `labels:` would mend masks of another kind, if anything would.
  public let labelMap: LabelMapProposal?

  /// A split and the number of its samples.
  public struct SplitSize: Sendable, Equatable {
    /// The split's name.
    public let name: String
    /// Samples that could be paired.
    public let samples: Int
  }

  /// Whether anything must be mended.
  public var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// The findings of a group.
  public func findings(in group: DatasetFinding.Group) -> [DatasetFinding] {
    findings.filter { $0.group == group }
  }
}
