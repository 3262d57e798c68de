import Graphs

/// A classifier whose inner activations serve decoders as well.
public protocol Backbone: ClassificationNetwork {
  /// The activations of an image that a decoder joins, from fine to coarse; the last are what the classifier reads.
  ///
  /// - Parameter scope: stands before every name, as in `encoder.layer1.0.conv1.weight`; empty for a classifier's own.
  func features(_ image: Symbol, _ scope: Scope) throws(GraphError) -> [Symbol]

  /// How the names of the layers behind the features start.
  var headNames: [String] { get }
}
