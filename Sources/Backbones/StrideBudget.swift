import Graphs
import Layers

/// How far a backbone may still shrink an image: beyond an output stride, strides turn into dilations (Yu and Koltun
/// 2016, arXiv:1511.07122).
///
/// The weights stay what they were trained as: a layer that loses its stride keeps the dilation that came in, and
/// all layers behind it look twice as far apart.
struct StrideBudget {
  /// Pixels of the image from an activation to the next, so far.
  private(set) var stride = 1
  /// How far apart the taps of the layers that follow lie.
  private(set) var dilation = 1
  private let outputStride: Int

  /// A budget that ends at `outputStride`.
  ///
  /// - Throws: `GraphError` unless that is 8, 16 or 32.
  init(_ outputStride: Int, _ network: String) throws(GraphError) {
    guard [8, 16, 32].contains(outputStride) else {
      throw .setting(network: network, name: "output_stride", expected: "of 8, 16 or 32", found: outputStride)
    }
    self.outputStride = outputStride
  }

  /// Asks for a stride of 2: gives 2 while the budget lasts, then 1 and twice the dilation.
  mutating func halve() -> Int {
    if stride < outputStride {
      stride *= 2
      return 2
    }
    dilation *= 2
    return 1
  }
}
