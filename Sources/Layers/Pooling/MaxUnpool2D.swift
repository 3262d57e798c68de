import TensorCore

/// Puts values back where a max pooling took them from and zeros elsewhere (Badrinarayanan et al. 2015,
/// SegNet, arXiv:1511.00561, section 3), as PyTorch's `MaxUnpool2d`.
///
/// Inputs: values and the indices of `MaxPool2D` with the same settings, both `[N, h, w, C]`, and optionally
/// the activation that was pooled, whose height and width the output gets. Without it the height is
/// `(h - 1) · stride + kernel - 2 · padding`, which is one short where the pooled height was odd. The last
/// window wins where several name the same pixel; an index outside of its window is dropped.
public struct MaxUnpool2D: Operator {
  let geometry: PoolingGeometry

  /// Rows and columns of a window, each 1 to 65536.
  public var kernel: Pair { geometry.kernel }
  /// Pixels from a window to the next, each 1 to 65536.
  public var stride: Pair { geometry.stride }
  /// Pixels that the first window reaches beyond the border, at most half of a kernel.
  public var padding: Pair { geometry.padding }

  /// The inverse of a max pooling of the same settings.
  public init(kernel: Pair, stride: Pair? = nil, padding: Pair = 0) {
    geometry = PoolingGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
  }

  /// `max_unpool2d`.
  public var label: String { "max_unpool2d" }

  /// The pooling's, backwards.
  public func window(for inputs: [Shape]) -> Window? {
    Window(spreading: kernel, stride: stride, padding: padding)
  }

  /// Values and indices; of the activation that was pooled only the size.
  public func sees(input: Int) -> Bool { input < 2 }

  /// `[N, H, W, C]`.
  ///
  /// - Throws: `LayerError` unless there are two or three inputs, values and indices of the same shape, and
  ///   all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    if inputs.count != 3 { try expect(inputs, count: 2) }
    try geometry.check(label)
    let values = inputs[0]
    if inputs[1] != values { throw .shapesDiffer(operator: label, expected: values, found: inputs[1]) }
    let size =
      inputs.count == 3
      ? Pair(inputs[2].height, inputs[2].width)
      : Pair(
        (values.height - 1) * stride.height + kernel.height - 2 * padding.height,
        (values.width - 1) * stride.width + kernel.width - 2 * padding.width)
    if size.height < 1 || size.width < 1 {
      throw .windowTooLarge(operator: label, window: 1, padded: Pair(max(0, size.height), max(0, size.width)))
    }
    return [values.with(height: size.height, width: size.width)]
  }

  /// The indices, which are an input.
  public var backwardReads: BackwardReads { .inputs }

  /// Writes values and zeros.
  public func forward(_ pass: ForwardPass) {
    PoolingIndices.spread(
      pass.inputs[0], pass.inputs[1], to: pass.outputs[0], geometry, .last, pool: pass.pool)
  }

  /// Reads the gradient where the values were put; the gradients of indices and reference are 0.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    for other in pass.inputGradients.dropFirst() { other?.fillZero(pool: pass.pool) }
    guard let target = pass.inputGradients[0] else { return }
    PoolingIndices.collect(gradient, pass.inputs[1], to: target, geometry, pool: pass.pool)
  }
}
