/// Something that a check found.
public struct DatasetFinding: Sendable, Equatable {
  /// What kind of thing it is, in the order in which a report lists them.
  public enum Group: String, Sendable, CaseIterable {
    /// Data that are not there, and splits without samples.
    case missing = "data missing"
    /// Images without masks, masks without images, and names that no file has.
    case pairs = "pairs missing"
    /// Files that cannot be read.
    case unreadable = "unreadable files"
    /// Masks of another size than their images.
    case sizes = "sizes that differ"
    /// Masks whose files cannot hold what the description says.
    case formats = "masks of another kind"
    /// Values that stand for no class.
    case labels = "labels out of range"
    /// Pictures that stand in several splits.
    case duplicates = "duplicates across splits"
    /// Classes that never occur.
    case classes = "classes that never occur"
    /// Masks that hold one value only.
    case uniform = "masks with one value only"
  }

  /// Whether training can do without mending it.
  public enum Severity: String, Sendable {
    /// It must be mended.
    case error
    /// It may be meant.
    case warning
  }

  /// What kind of thing it is.
  public let group: Group
  /// Whether it must be mended.
  public let severity: Severity
  /// The split that it was found in; `nil` for what concerns all.
  public let split: String?
  /// Where, what was expected, what was found, how to mend it.
  public let message: String

  init(_ group: Group, _ severity: Severity = .error, split: String?, _ message: String) {
    (self.group, self.severity, self.split, self.message) = (group, severity, split, message)
  }

  /// An error that reading or opening gave.
  init(_ error: DatasetError, split: String) {
    self.init(Self.group(of: error), split: split, error.description)
  }

  private static func group(of error: DatasetError) -> Group {
    switch error {
    case .imageWithoutMask, .maskWithoutImage, .sameStem, .unknownStem: .pairs
    case .format(let problem):
      switch problem {
      case .notJSON: .unreadable
      case .annotation: .formats
      case .line, .listed, .listedTwice, .townImage, .annotatedImage: .pairs
      }
    case .idxCounts: .pairs
    case .maskSize: .sizes
    case .labels, .idxLabel: .labels
    case .image(.colorMask), .image(.lossyMask), .onlyIgnored: .formats
    case .image, .file, .idxKind, .idxSize, .idxLength, .gzip: .unreadable
    default: .missing
    }
  }
}
