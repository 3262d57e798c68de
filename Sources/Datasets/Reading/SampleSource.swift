import Augmentation

/// Samples that can be asked for by index, from any thread.
public protocol SampleSource: Sendable {
  /// What messages call it, `camvid/train`.
  var title: String { get }
  /// The classes in the order of their label indices.
  var classes: [String] { get }
  /// The number of samples.
  var count: Int { get }

  /// What messages call a sample.
  func name(at index: Int) -> String

  /// Reads or draws a sample; the same index gives the same sample.
  func sample(at index: Int) throws(DatasetError) -> Sample

  /// The lowest index that gives the same sample as `index`, for a cache.
  func firstIndex(ofSampleAt index: Int) -> Int
}

extension SampleSource {
  /// `index`, for sources that repeat nothing.
  public func firstIndex(ofSampleAt index: Int) -> Int { index }
}
