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
  public func batchNorm(epsilon: Float = 1e-5, _ name: Scope) throws(GraphError) -> Symbol {
    try builder.add(BatchNorm2D(epsilon: epsilon), name: name.description, inputs: [self])[0]
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

  /// Max pooling; with `ceilMode` a last window may reach beyond the image.
  public func maxPool(
    kernel: Pair, stride: Pair, padding: Pair = 0, dilation: Pair = 1, ceilMode: Bool = false
  ) throws(GraphError) -> Symbol {
    try maxPoolWithIndices(
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode
    ).pooled
  }

  /// Max pooling, and where each maximum was.
  public func maxPoolWithIndices(
    kernel: Pair, stride: Pair, padding: Pair = 0, dilation: Pair = 1, ceilMode: Bool = false
  ) throws(GraphError) -> (pooled: Symbol, indices: Symbol) {
    let operation = MaxPool2D(
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    let outputs = try builder.add(
      operation, name: builder.freshName(operation.label), inputs: [self])
    return (outputs[0], outputs[1])
  }

  /// The mean of every window; windows do not overlap unless there is a `stride`.
  public func averagePool(
    kernel: Pair, stride: Pair? = nil, padding: Pair = 0, countIncludePad: Bool = true
  ) throws(GraphError) -> Symbol {
    try then(
      AveragePool2D(kernel: kernel, stride: stride, padding: padding, countIncludePad: countIncludePad))
  }

  /// Means over windows that share the image out among the pixels of an output of this size.
  public func adaptiveAveragePool(to size: Pair) throws(GraphError) -> Symbol {
    try then(AdaptiveAveragePool2D(output: size))
  }

  /// The mean of every channel over the image.
  public func globalAveragePool() throws(GraphError) -> Symbol { try then(GlobalAveragePool2D()) }

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
}
