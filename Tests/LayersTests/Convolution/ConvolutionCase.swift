import Layers
import TensorCore

/// One convolution with data for it.
struct ConvolutionCase: CustomStringConvertible {
  let geometry: ConvolutionGeometry
  /// Whether the data are small whole numbers, whose sums are exact.
  let exact: Bool
  let input: Tensor
  let weight: Tensor
  let bias: Tensor
  let outputGradient: Tensor

  var reference: ConvolutionReference { ConvolutionReference(geometry: geometry) }

  /// The layer of this geometry.
  func layer(bias: Bool = true, activation: Activation = .identity) -> Convolution {
    Convolution(
      outputs: geometry.outputChannels, kernel: geometry.kernel, stride: geometry.stride,
      padding: geometry.padding, dilation: geometry.dilation, groups: geometry.groups, bias: bias,
      activation: activation)
  }

  var description: String {
    let g = geometry
    return "\(g.batch)x\(g.input)x\(g.inputChannels) to \(g.output)x\(g.outputChannels), kernel \(g.kernel), "
      + "stride \(g.stride), padding \(g.padding), dilation \(g.dilation), groups \(g.groups)"
  }

  /// Data of a seed for a geometry.
  init(_ geometry: ConvolutionGeometry, exact: Bool, seed: UInt64) {
    self.geometry = geometry
    self.exact = exact
    let reference = ConvolutionReference(geometry: geometry)
    func data(_ shape: Shape, _ part: UInt64) -> Tensor {
      exact ? .integers(shape, seed: seed * 8 + part) : .random(shape, seed: seed * 8 + part)
    }
    input = data(reference.inputShape, 1)
    weight = data(reference.weightShape, 2)
    bias = data([geometry.outputChannels], 3)
    outputGradient = data(reference.outputShape, 4)
  }

  /// A case from its output: the input's size follows, with up to `stride - 1` pixels that no output reads.
  init?(
    batch: Int = 1, output: Pair, inputs: Int, outputs: Int, kernel: Pair, stride: Pair = 1,
    padding: Pair = 0, dilation: Pair = 1, groups: Int = 1, slack: Pair = 0, exact: Bool = true,
    seed: UInt64 = 1
  ) {
    let height = (output.height - 1) * stride.height + dilation.height * (kernel.height - 1) + 1
    let width = (output.width - 1) * stride.width + dilation.width * (kernel.width - 1) + 1
    let input = Pair(
      height - 2 * padding.height + slack.height, width - 2 * padding.width + slack.width)
    guard input.height >= 1, input.width >= 1 else { return nil }
    self.init(
      ConvolutionGeometry(
        batch: batch, input: input, inputChannels: inputs, output: output, outputChannels: outputs,
        kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups),
      exact: exact, seed: seed)
  }

  /// A random case of at most `macs` products; `nil` where the draw makes none.
  init?(_ stream: inout RandomStream, seed: UInt64, macs: Int = 800_000) {
    func pick(_ values: [Int]) -> Int { values[stream.below(values.count)] }
    func pair(_ values: [Int]) -> Pair {
      let height = pick(values)
      return Pair(height, stream.below(3) == 0 ? pick(values) : height)
    }
    let kernel = pair([1, 1, 2, 3, 3, 3, 5, 7])
    let stride = pair([1, 1, 1, 2, 3])
    let padding = pair([0, 1, 1, 2, 3])
    let dilation = pair([1, 1, 1, 2, 3])
    var (inputs, outputs, groups) = (1 + stream.below(70), 1 + stream.below(70), 1)
    switch stream.below(5) {
    case 0:
      groups = pick([2, 4])
      (inputs, outputs) = ((inputs / groups + 1) * groups, (outputs / groups + 1) * groups)
    case 1:
      groups = inputs
      outputs = inputs * (1 + stream.below(2))
    default: break
    }
    // Tiles have 6, 10 or 20 pixels: widths below, at and above each of them.
    let output = Pair(1 + stream.below(7), pick([1, 2, 3, 5, 6, 7, 9, 10, 11, 19, 20, 21, 33, 41]))
    let batch = 1 + stream.below(2)
    let slack = Pair(stream.below(stride.height), stream.below(stride.width))
    let products =
      batch * output.height * output.width * kernel.height * kernel.width * outputs * inputs / groups
    guard products <= macs else { return nil }
    self.init(
      batch: batch, output: output, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride,
      padding: padding, dilation: dilation, groups: groups, slack: slack, exact: seed % 2 == 0, seed: seed)
  }

  /// `count` random cases.
  static func draw(_ count: Int, seed: UInt64) -> [ConvolutionCase] {
    var stream = RandomStream(keys: 70, seed)
    var cases: [ConvolutionCase] = []
    while cases.count < count {
      if let drawn = ConvolutionCase(&stream, seed: UInt64(cases.count)) { cases.append(drawn) }
    }
    return cases
  }

  /// Cases that are cut in more than one way: bands, blocks of channels, parts of the pixels, shared panels.
  static let large: [ConvolutionCase] = [
    .init(output: Pair(40, 60), inputs: 64, outputs: 8, kernel: 3, padding: 1),
    .init(output: Pair(3, 2100), inputs: 64, outputs: 4, kernel: Pair(3, 1), padding: Pair(1, 0)),
    .init(
      output: Pair(41, 130), inputs: 20, outputs: 6, kernel: Pair(5, 3), stride: Pair(2, 1),
      padding: Pair(2, 2), dilation: Pair(1, 2)),
    .init(batch: 2, output: Pair(6, 5), inputs: 300, outputs: 40, kernel: 3, padding: 1),
    .init(output: Pair(70, 69), inputs: 8, outputs: 7, kernel: 3),
    .init(output: Pair(5, 11), inputs: 128, outputs: 33, kernel: 3, padding: 1, exact: false),
    .init(batch: 2, output: 4, inputs: 256, outputs: 64, kernel: 3, padding: 1),
    .init(output: Pair(20, 21), inputs: 3, outputs: 64, kernel: 7, stride: 2, padding: 3, exact: false),
    .init(output: 3, inputs: 5, outputs: 200, kernel: 3, padding: 1),
    .init(batch: 2, output: 3, inputs: 5, outputs: 150, kernel: 3, padding: 1),
    .init(output: 2, inputs: 3, outputs: 270, kernel: 2),
    .init(output: Pair(300, 2), inputs: 40, outputs: 3, kernel: 3, stride: Pair(3, 1), dilation: 3),
    .init(output: Pair(9, 31), inputs: 64, outputs: 130, kernel: 1, groups: 2),
    .init(output: Pair(60, 61), inputs: 12, outputs: 24, kernel: 3, padding: 1, groups: 4),
    .init(output: Pair(37, 66), inputs: 64, outputs: 64, kernel: 1, stride: 2, slack: 1),
    .init(output: 3, inputs: 200, outputs: 150, kernel: 3, padding: 1),
    .init(output: 9, inputs: 700, outputs: 330, kernel: 1),
    .init(output: 60, inputs: 40, outputs: 24, kernel: 1),
    .init(batch: 2, output: Pair(40, 41), inputs: 300, outputs: 40, kernel: 1, exact: false),
    .init(output: 5, inputs: 330, outputs: 20, kernel: 3, padding: 1),
    .init(output: 4, inputs: 400, outputs: 20, kernel: 1, stride: 2),
    .init(output: Pair(51, 52), inputs: 4, outputs: 300, kernel: 3, padding: 1),
    // More than caches hold.
    .init(output: Pair(130, 131), inputs: 3, outputs: 64, kernel: 3, padding: 1),
  ].compactMap { $0 }
}
