import Augmentation

/// Samples that can be asked for by index, from any thread.
public protocol SampleSource: Sendable {
  /// What messages call it, `camvid/train`.
  var title: String { get }
  /// The classes in the order of their label indices.
  var classes: [String] { get }
  /// The number of samples.
  var count: Int { get }
  /// What is true of its samples, the same for all: masks unless a source says otherwise.
  var truth: Sample.TruthKind { get }
  /// Whether samples lie in memory already, so that a cache would gain nothing.
  var isInMemory: Bool { get }

  /// What messages call a sample.
  func name(at index: Int) -> String

  /// Reads or draws a sample; the same index gives the same sample.
  func sample(at index: Int) throws(DatasetError) -> Sample

  /// The lowest index that gives the same sample as `index`, for a cache.
  func firstIndex(ofSampleAt index: Int) -> Int
}

extension SampleSource {
  /// A class for each pixel.
  public var truth: Sample.TruthKind { .mask }
  /// No.
  public var isInMemory: Bool { false }

  /// `index`, for sources that repeat nothing.
  public func firstIndex(ofSampleAt index: Int) -> Int { index }
}
