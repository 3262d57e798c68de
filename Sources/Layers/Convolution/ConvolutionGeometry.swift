import TensorCore

/// The sizes of one convolution: everything that an algorithm needs to plan for.
///
/// An output pixel (y, x) reads input rows `y · stride - padding + ky · dilation`, and columns alike.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// N.
  public let batch: Int
  /// Height and width of the input, in pixels.
  public let input: Pair
  /// Input channels over all groups.
  public let inputChannels: Int
  /// Height and width of the output, in pixels.
  public let output: Pair
  /// Output channels over all groups.
  public let outputChannels: Int
  /// KH and KW.
  public let kernel: Pair
  /// Input pixels from an output to the next.
  public let stride: Pair
  /// Input pixels that the first output reaches beyond the border; may be negative in a gradient.
  public let padding: Pair
  /// Input pixels from one tap of the kernel to the next.
  public let dilation: Pair
  /// Independent slices of the channels.
  public let groups: Int

  /// The sizes of a convolution.
  public init(
    batch: Int, input: Pair, inputChannels: Int, output: Pair, outputChannels: Int, kernel: Pair,
    stride: Pair, padding: Pair, dilation: Pair, groups: Int
  ) {
    self.batch = batch
    self.input = input
    self.inputChannels = inputChannels
    self.output = output
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// Input channels of a group.
  public var groupInputs: Int { inputChannels / groups }
  /// Output channels of a group.
  public var groupOutputs: Int { outputChannels / groups }
  /// KH · KW.
  public var taps: Int { kernel.height * kernel.width }
  /// Elements of a patch in one group: KH · KW · I.
  public var patch: Int { taps * groupInputs }
  /// N · H · W of the output.
  public var outputPixels: Int { batch * output.height * output.width }
  /// Whether each output reads just the input pixel in its own place.
  public var isPointwise: Bool {
    kernel == 1 && stride == 1 && padding == 0 && input == output
  }

  /// Multiply-accumulates.
  public var macs: Int { outputPixels * patch * outputChannels }

  /// The convolution that gives the gradient of this one's input from that of its output, for stride 1: the
  /// kernel turned by half a turn with inputs and outputs exchanged, and the complementary padding.
  public var transposed: ConvolutionGeometry {
    precondition(stride == 1, "only at stride 1 is the gradient a plain convolution")
    return ConvolutionGeometry(
      batch: batch, input: output, inputChannels: outputChannels, output: input,
      outputChannels: inputChannels, kernel: kernel, stride: 1,
      padding: Pair(
        dilation.height * (kernel.height - 1) - padding.height,
        dilation.width * (kernel.width - 1) - padding.width),
      dilation: dilation, groups: groups)
  }
}
