import TensorCore

/// One way to compute a linear operator for one shape, with weights packed as it likes them.
///
/// This is the whole surface between a plan and a convolution engine: a plan asks an operator for its candidates,
/// picks the first that fits the memory budget, packs the weights once for each parameter and `packing`, and hands
/// both back in the pass.
public protocol Algorithm: Sendable {
  /// What per-layer listings show, such as `patches`.
  var name: String { get }
  /// Multiply-accumulates of its matrix products, of which a clever one has fewer than its layer.
  var products: Int { get }
  /// Tells packed forms of the same parameter apart: equal strings mean equal bytes.
  var packing: String { get }
  /// Elements of the packed weights; 0 when the weights are used as they are stored.
  var packedCount: Int { get }
  /// The same with the same bits for weights that change after every run, where packing all of them first costs more
  /// than it saves; `nil` where it does not.
  var forChangingWeights: (any Algorithm)? { get }
  /// Elements of scratch memory on so many threads.
  func workspace(threads: Int) -> Int
  /// Writes the packed form of a weight that is stored in PyTorch's shape.
  func pack(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool)
  /// Writes every element of `output`.
  ///
  /// - Parameters:
  ///   - bias: added to each pixel's sums, one for each output channel.
  ///   - addend: added as well, of the output's shape, which may be the output itself.
  func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool)
}

extension Algorithm {
  /// None.
  public var forChangingWeights: (any Algorithm)? { nil }
}
