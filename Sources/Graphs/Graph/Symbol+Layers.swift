import Layers
import TensorCore

extension Symbol {
  /// Puts an operator without parameters of its own name behind this symbol.
  func then(_ operation: some Operator, with others: [Symbol] = []) throws(GraphError) -> Symbol {
    try builder.add(operation, name: builder.freshName(operation.label), inputs: [self] + others)[0]
  }

  /// A convolution to `outputs` channels; `padding` defaults to what keeps the size at stride 1.
  public func conv(
    _ outputs: Int, kernel: Pair, stride: Pair = 1, padding: Pair? = nil, dilation: Pair = 1,
    groups: Int = 1, bias: Bool = true, _ name: Scope
  ) throws(GraphError) -> Symbol {
    let same = Pair(
      dilation.height * (kernel.height - 1) / 2, dilation.width * (kernel.width - 1) / 2)
    let operation = Convolution(
      outputs: outputs, kernel: kernel, stride: stride, padding: padding ?? same, dilation: dilation,
      groups: groups, bias: bias)
    return try builder.add(operation, name: name.description, inputs: [self])[0]
  }

  /// A transposed convolution to `outputs` channels.
  public func transposedConv(
    _ outputs: Int, kernel: Pair, stride: Pair, padding: Pair = 0, bias: Bool = true, _ name: Scope
  ) throws(GraphError) -> Symbol {
    let operation = TransposedConvolution(
      outputs: outputs, kernel: kernel, stride: stride, padding: padding, bias: bias)
    return try builder.add(operation, name: name.description, inputs: [self])[0]
  }

  /// A dense layer on all channels and pixels of an image.
  public func dense(_ outputs: Int, bias: Bool = true, _ name: Scope) throws(GraphError) -> Symbol {
    try builder.add(Dense(outputs: outputs, bias: bias), name: name.description, inputs: [self])[0]
  }

  /// Batch normalisation.
  public func batchNorm(_ name: Scope) throws(GraphError) -> Symbol {
    try builder.add(BatchNorm2D(), name: name.description, inputs: [self])[0]
  }

  /// An activation function.
  public func activation(_ activation: Activation) throws(GraphError) -> Symbol {
    try then(ActivationLayer(activation))
  }

  /// `max(x, 0)`.
  public func relu() throws(GraphError) -> Symbol { try activation(.relu) }

  /// Zeroes activations with the given probability while training.
  public func dropout(_ probability: Float) throws(GraphError) -> Symbol {
    try then(Dropout(probability))
  }

  /// Max pooling.
  public func maxPool(kernel: Pair, stride: Pair, padding: Pair = 0) throws(GraphError) -> Symbol {
    try maxPoolWithIndices(kernel: kernel, stride: stride, padding: padding).pooled
  }

  /// Max pooling, and where each maximum was.
  public func maxPoolWithIndices(
    kernel: Pair, stride: Pair, padding: Pair = 0
  ) throws(GraphError) -> (pooled: Symbol, indices: Symbol) {
    let operation = MaxPool2D(kernel: kernel, stride: stride, padding: padding)
    let outputs = try builder.add(
      operation, name: builder.freshName(operation.label), inputs: [self])
    return (outputs[0], outputs[1])
  }

  /// This symbol's channels, then the others'.
  public func concatenated(with others: Symbol...) throws(GraphError) -> Symbol {
    try then(Concatenation(), with: others)
  }

  /// The sum with another symbol of the same shape.
  public func adding(_ other: Symbol) throws(GraphError) -> Symbol {
    try then(Addition(), with: [other])
  }

  /// Reflects the image at its lower and right borders so that its size becomes a multiple.
  public func reflectionPadded(toMultipleOf multiple: Int) throws(GraphError) -> Symbol {
    try then(ReflectionPad2D(multiple: Pair(multiple)))
  }

  /// Cuts off what lies beyond the size of `reference`.
  public func cropped(like reference: Symbol) throws(GraphError) -> Symbol {
    try then(Crop2D(), with: [reference])
  }

  /// Mean cross-entropy of these logits against a map of class indices.
  public func crossEntropy(
    labels: Symbol, _ loss: SoftmaxCrossEntropy
  ) throws(GraphError) -> Symbol {
    try then(loss, with: [labels])
  }
}
