import Augmentation

/// Several sources one after another, each as often as it is repeated.
///
/// A repeated sample occurs under several indices, so that each occurrence is augmented differently.
public struct MixedDataset: SampleSource {
  /// A source and how often an epoch goes through it.
  public struct Part: Sendable {
    /// The samples.
    public let source: any SampleSource
    /// How often each sample occurs in an epoch, at least 1.
    public let repeats: Int

    /// A source that occurs so many times.
    public init(_ source: any SampleSource, repeats: Int = 1) {
      precondition(repeats >= 1, "a part occurs at least once")
      self.source = source
      self.repeats = repeats
    }
  }

  /// The classes that all parts share.
  public let classes: [String]
  /// What is true of the samples of all parts.
  public let truth: Sample.TruthKind
  /// The number of samples, repeated ones counted each time.
  public let count: Int
  private let parts: [Part]
  /// The first index of each part.
  private let starts: [Int]

  /// Joins parts, of which there is at least one.
  ///
  /// - Throws: `DatasetError.differentTruths` when some parts have masks and others not, and `.differentClasses` unless
  ///   all parts have the same classes in the same order.
  public init(_ parts: [Part]) throws(DatasetError) {
    precondition(!parts.isEmpty, "at least one part")
    let first = parts[0].source
    var starts: [Int] = []
    var count = 0
    for part in parts {
      guard part.source.truth == first.truth else {
        throw .differentTruths(first: first.title, second: part.source.title, expected: first.truth)
      }
      guard part.source.classes == first.classes else {
        throw .differentClasses(
          first: first.title, classes: first.classes, second: part.source.title,
          others: part.source.classes)
      }
      starts.append(count)
      count += part.source.count * part.repeats
    }
    self.parts = parts
    self.starts = starts
    self.count = count
    classes = first.classes
    truth = first.truth
  }

  /// Whether those of all parts lie in memory.
  public var isInMemory: Bool { parts.allSatisfy(\.source.isInMemory) }

  /// `camvid/train + streets/train`.
  public var title: String { parts.map(\.source.title).joined(separator: " + ") }

  /// What the part calls the sample.
  public func name(at index: Int) -> String {
    let (part, inner) = place(of: index)
    return parts[part].source.name(at: inner)
  }

  /// The part's sample.
  public func sample(at index: Int) throws(DatasetError) -> Sample {
    let (part, inner) = place(of: index)
    return try parts[part].source.sample(at: inner)
  }

  /// The index of the sample's first occurrence.
  public func firstIndex(ofSampleAt index: Int) -> Int {
    let (part, inner) = place(of: index)
    return starts[part] + parts[part].source.firstIndex(ofSampleAt: inner)
  }

  private func place(of index: Int) -> (part: Int, inner: Int) {
    precondition((0..<count).contains(index), "no such sample")
    let part = (starts.lastIndex { $0 <= index }) ?? 0
    return (part, (index - starts[part]) % parts[part].source.count)
  }
}
