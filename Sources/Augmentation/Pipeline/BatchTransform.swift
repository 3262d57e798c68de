import TensorCore

/// A change of a sample by another of its batch.
///
/// The result depends on both samples and the random numbers only.
public protocol BatchTransform: Sendable {
  /// The changed sample; every choice comes from `random`. Both have the same size and masks.
  func apply(_ sample: Sample, partner: Sample, random: inout RandomStream) -> Sample
}
