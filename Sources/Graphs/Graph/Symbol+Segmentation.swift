import Layers
import TensorCore

/// What decoders and fully convolutional networks are made of.
extension Symbol {
  /// A convolution at stride 1 that keeps the size, whose weight starts in a way of its own.
  public func conv(
    _ outputs: Int, kernel: Int, dilation: Int = 1, start: Initializer, _ name: Scope
  ) throws(GraphError) -> Symbol {
    let operation = Convolution(
      outputs: outputs, kernel: Pair(kernel), padding: Pair(dilation * (kernel - 1) / 2),
      dilation: Pair(dilation), start: start)
    return try builder.add(operation, name: name.description, inputs: [self])[0]
  }

  /// A transposed convolution without bias that enlarges by `factor` and starts as bilinear interpolation
  /// (Long et al. 2015, arXiv:1411.4038, section 3.3).
  public func bilinearTransposedConv(factor: Int, _ name: Scope) throws(GraphError) -> Symbol {
    let operation = TransposedConvolution(
      outputs: channels, kernel: Pair(2 * factor - factor % 2), stride: Pair(factor),
      padding: Pair(factor / 2), bias: false, start: .bilinear)
    return try builder.add(operation, name: name.description, inputs: [self])[0]
  }

  /// Puts values back where a pooling of `reference` by windows of 2×2 took them from, and zeros elsewhere.
  public func unpooled(by indices: Symbol, like reference: Symbol) throws(GraphError) -> Symbol {
    try then(MaxUnpool2D(kernel: 2), with: [indices, reference])
  }

  /// Enlarges by a whole factor.
  public func resized(by factor: Int, _ method: Resize2D.Method) throws(GraphError) -> Symbol {
    try then(Resize2D(.factor(Pair(factor)), method))
  }

  /// Resizes to the height and width of `reference`.
  public func resized(like reference: Symbol, _ method: Resize2D.Method) throws(GraphError) -> Symbol {
    try then(Resize2D(.reference, method), with: [reference])
  }

  /// Reflects the image at its lower and right borders until neither side is shorter than `least`.
  public func reflectionPadded(toAtLeast least: Int) throws(GraphError) -> Symbol {
    try then(ReflectionPad2D(least: Pair(least)))
  }

  /// This symbol's channels, then those of all the others.
  public func concatenated(with others: [Symbol]) throws(GraphError) -> Symbol {
    try then(Concatenation(), with: others)
  }

  /// These logits as ones that a loss looks at besides the network's own, by this weight, in training alone.
  public func auxiliary(weight: Float) throws(GraphError) -> Symbol {
    try then(AuxiliaryLogits(weight: weight))
  }
}
