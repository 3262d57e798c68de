import CKernels
import TensorCore

/// A convolution with max pooling by windows of 2×2 behind it, as `MaxPool2D(kernel: 2)` does; for inference alone.
///
/// It gives what the convolution gives, and the largest values of its windows, `[N, H / 2, W / 2, O]`. Winograd's
/// convolution takes these as it writes the values, or instead of writing them.
public struct PooledConvolution: Operator {
  /// What runs before the pooling.
  public let convolution: Convolution
  /// Whether nobody reads the convolution's own output, which need not be written then.
  public let isAlone: Bool

  /// The windows.
  public static let kernel = Pair(2)

  /// Pools what a convolution gives.
  public init(_ convolution: Convolution, isAlone: Bool) {
    (self.convolution, self.isAlone) = (convolution, isAlone)
  }

  /// Whether there may be a gain: in convolutions that Winograd's filtering serves.
  public static func suits(_ convolution: Convolution) -> Bool {
    convolution.kernel == 3 && convolution.stride == 1 && convolution.dilation == 1 && convolution.groups == 1
      && (convolution.activation == .identity || convolution.activation == .relu)
  }

  /// That of a convolution.
  public var label: String { convolution.label }
  /// Nothing: there is no backward.
  public var backwardReads: BackwardReads { [] }

  /// The convolution's output, and half its height and width.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    let shapes = try convolution.outputShapes(for: inputs)
    return try shapes + [MaxPool2D(kernel: Self.kernel).outputShapes(for: shapes)[0]]
  }

  /// The convolution's.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    convolution.parameterSpecs(for: inputs)
  }
  /// The convolution's.
  public func macs(for inputs: [Shape]) -> Int { convolution.macs(for: inputs) }
  /// The convolution's, which is the first output's.
  public func window(for inputs: [Shape]) -> Window? { convolution.window(for: inputs) }
  /// The convolution's, and of the second output four of them side by side.
  public func window(for inputs: [Shape], output: Int) -> Window? {
    guard output == 1, let window = convolution.window(for: inputs) else {
      return convolution.window(for: inputs)
    }
    let (extent, side) = (window.extent, Self.kernel)
    return Window(
      extent: Pair(extent.height + side.height - 1, extent.width + side.width - 1), stride: side,
      padding: window.padding)
  }
  /// The convolution's, forward.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    direction == .forward ? convolution.algorithms(for: inputs, direction) : []
  }

  /// Convolves and pools.
  public func forward(_ pass: ForwardPass) {
    let (output, pooled) = (pass.outputs[0], pass.outputs[1])
    if let algorithm = pass.algorithm as? any PoolingAlgorithm, algorithm.pools {
      algorithm.run(
        pass.inputs[0], packed: pass.packed ?? UnsafePointer(pass.parameters[0]),
        bias: convolution.bias ? UnsafePointer(pass.parameters[1]) : nil,
        addend: convolution.takesAddend ? pass.inputs[1] : nil, output: output,
        pooled: PooledOutput(pooled, isAlone: isAlone), workspace: pass.workspace, pool: pass.pool)
      return
    }
    convolution.runLinear(pass)
    pass.pool.forEachImageRow(of: pooled.shape) { image, row in
      for x in 0..<pooled.shape.width {
        let (above, below) = (output.pixel(image, 2 * row, 2 * x), output.pixel(image, 2 * row + 1, 2 * x))
        let pixels = (
          UnsafePointer(above), UnsafePointer(above + output.pixelStride), UnsafePointer(below),
          UnsafePointer(below + output.pixelStride)
        )
        withUnsafePointer(to: pixels) { pixels in
          let pixels = UnsafeRawPointer(pixels).assumingMemoryBound(to: UnsafePointer<Float>?.self)
          tsr_largest_of_four(output.channels, pixels, pooled.pixel(image, row, x))
        }
      }
    }
  }

  /// There is none.
  public func backward(_ pass: BackwardPass) {
    preconditionFailure("a convolution with a fused pooling is for inference")
  }
}
