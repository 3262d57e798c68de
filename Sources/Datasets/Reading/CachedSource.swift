import Augmentation
import Synchronization

/// Keeps decoded samples in memory, up to a limit.
///
/// What is kept first stays: an epoch goes through all samples in a new order, for which replacing old entries by
/// new ones would find less and less the closer the data comes to the limit.
public final class CachedSource: SampleSource {
  private struct Content {
    var samples: [Int: Sample] = [:]
    var bytes = 0
  }

  private let source: any SampleSource
  private let limit: Int
  private let content = Mutex(Content())

  /// Keeps samples of `source` in at most `limit` bytes (1 GiB by default); 0 keeps nothing.
  public init(_ source: any SampleSource, limit: Int = 1 << 30) {
    self.source = source
    self.limit = limit
  }

  /// What the source is called.
  public var title: String { source.title }
  /// The source's classes.
  public var classes: [String] { source.classes }
  /// The number of samples.
  public var count: Int { source.count }
  /// What is true of the source's samples.
  public var truth: Sample.TruthKind { source.truth }
  /// The bytes that the kept samples take.
  public var bytes: Int { content.withLock { $0.bytes } }

  /// What the source calls the sample.
  public func name(at index: Int) -> String { source.name(at: index) }
  /// The index of the sample's first occurrence in the source.
  public func firstIndex(ofSampleAt index: Int) -> Int { source.firstIndex(ofSampleAt: index) }

  /// The kept sample, or the source's.
  public func sample(at index: Int) throws(DatasetError) -> Sample {
    if source.isInMemory { return try source.sample(at: index) }
    let key = source.firstIndex(ofSampleAt: index)
    if let sample = content.withLock({ $0.samples[key] }) { return sample }
    let sample = try source.sample(at: index)
    let bytes = sample.width * sample.height * (sample.mask == nil ? 3 : 4)
    content.withLock { content in
      guard content.bytes + bytes <= limit, content.samples[key] == nil else { return }
      content.samples[key] = sample
      content.bytes += bytes
    }
    return sample
  }
}
