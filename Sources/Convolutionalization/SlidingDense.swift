import Graphs
import Layers
import TensorCore

extension Convolution {
  /// A dense layer on features of `size` as the convolution that is as large: its weight has the same elements,
  /// `[O, C · H · W]` as `[O, C, H, W]`.
  ///
  /// - Parameters:
  ///   - size: height and width of the features that the dense layer reads.
  ///   - padding: zeros around the features; without any it gives what the dense layer gives.
  ///   - dilation: from a feature that it reads to the next.
  init(sliding dense: Dense, over size: Pair, padding: Pair = 0, dilation: Pair = 1) {
    self.init(
      outputs: dense.outputs, kernel: size, padding: padding, dilation: dilation, bias: dense.bias,
      activation: dense.activation)
  }
}

extension Symbol {
  /// A classifier's dense layer on features of an odd `size`, slid over these, with zeros around them that keep their
  /// size, as fully convolutional networks have it (Long et al. 2015, arXiv:1411.4038, §3.1 and §4.1).
  ///
  /// - Parameter dilation: from a feature that it reads to the next; more than 1 behind poolings that were left out.
  public func slidingDense(
    _ outputs: Int, over size: Pair, dilation: Pair = 1, _ name: Scope
  ) throws(GraphError) -> Symbol {
    precondition(size.height % 2 == 1 && size.width % 2 == 1, "zeros keep the size of an odd kernel's input")
    let padding = Pair(dilation.height * (size.height - 1) / 2, dilation.width * (size.width - 1) / 2)
    let operation = Convolution(
      sliding: Dense(outputs: outputs), over: size, padding: padding, dilation: dilation)
    return try builder.add(operation, name: name.description, inputs: [self])[0]
  }
}
