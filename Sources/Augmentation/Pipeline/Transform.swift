import TensorCore

/// A change of an image and its truth together.
///
/// A transform that moves pixels moves the mask's labels alike and never mixes them; one that changes colours
/// leaves the mask alone. The class of a whole image stays whatever happens to it. The result depends on the sample
/// and the random numbers only.
public protocol Transform: Sendable {
  /// The changed sample; every choice comes from `random`.
  func apply(_ sample: Sample, random: inout RandomStream) -> Sample
}
