import TensorCore

/// Adds two or more activations of the same shape `[N, H, W, C]`, from the first to the last.
public struct Addition: Operator {
  /// Applied to the sum.
  public let activation: Activation

  /// A sum.
  public init(activation: Activation = .identity) { self.activation = activation }

  /// `add`.
  public var label: String { "add" }

  /// The shape of the inputs.
  ///
  /// - Throws: `LayerError` for fewer than two inputs or when their shapes differ.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    if inputs.count < 2 { throw .inputCount(operator: label, expected: 2, found: inputs.count) }
    for input in inputs where input != inputs[0] {
      throw .shapesDiffer(operator: label, expected: inputs[0], found: input)
    }
    return [inputs[0]]
  }

  /// The output behind an activation, which tells its derivative.
  public var backwardReads: BackwardReads { activation == .identity ? [] : .outputs }

  /// Adds; the output may be the memory of the first input.
  public func forward(_ pass: ForwardPass) {
    let output = pass.outputs[0]
    let inputs = pass.inputs
    let isContiguous = output.isContiguous && inputs.allSatisfy(\.isContiguous)
    let (width, channels) = (output.shape.width, output.channels)
    let (runs, count) = isContiguous ? (1, width * channels) : (width, channels)
    pass.pool.forEachImageRow(of: output.shape) { image, row in
      let target = output.pixel(image, row, 0)
      let (first, second) = (inputs[0].pixel(image, row, 0), inputs[1].pixel(image, row, 0))
      for run in 0..<runs {
        let sum = target + run &* output.pixelStride
        let (a, b) = (first + run &* inputs[0].pixelStride, second + run &* inputs[1].pixelStride)
        for c in 0..<count { sum[c] = a[c] + b[c] }
      }
      for input in inputs.dropFirst(2) {
        let source = input.pixel(image, row, 0)
        for run in 0..<runs {
          ChannelLoops.add(source + run &* input.pixelStride, to: target + run &* output.pixelStride, count)
        }
      }
      guard activation != .identity else { return }
      for run in 0..<runs { activation.apply(target + run &* output.pixelStride, count) }
    }
  }

  /// Writes the gradient of the sum to every input, which may be where it stands already.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    let output = pass.outputs[0]
    let targets = pass.inputGradients.compactMap(\.self)
    let inPlace = targets.filter { $0.pointer == gradient.pointer }
    let others = targets.filter { $0.pointer != gradient.pointer }
    if others.isEmpty && activation == .identity { return }
    let contiguous = ([output, gradient] + targets).allSatisfy(\.isContiguous)
    pass.pool.forEachRun(output.shape, contiguous: contiguous) { pixel, count in
      guard let first = (inPlace.first ?? others.first)?.pixel(pixel) else { return }
      activation.applyDerivative(
        output: output.pixel(pixel), gradient: gradient.pixel(pixel), to: first, count)
      for target in others { ChannelLoops.copy(first, to: target.pixel(pixel), count) }
    }
  }
}
