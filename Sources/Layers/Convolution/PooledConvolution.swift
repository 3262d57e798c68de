import CKernels
import TensorCore

/// A convolution with max pooling by windows of 2×2 behind it, as `MaxPool2D(kernel: 2)` does; for inference alone.
///
/// It gives the largest values of the windows, `[N, H / 2, W / 2, O]`, and before them, if they are read too, all of the
/// convolution's. Winograd's convolution takes the largest as it writes all, or instead of writing them.
public struct PooledConvolution: Operator {
  /// What runs before the pooling.
  public let convolution: Convolution
  /// Whether the convolution's own output is given too, as the first of two.
  public let givesAll: Bool

  /// The windows.
  public static let kernel = Pair(2)

  /// Pools what a convolution gives.
  public init(_ convolution: Convolution, givesAll: Bool) {
    (self.convolution, self.givesAll) = (convolution, givesAll)
  }

  /// Whether there may be a gain: in convolutions that Winograd's filtering serves, where this processor has its kernels.
  public static func suits(_ convolution: Convolution) -> Bool {
    tsr_panel_width() > 0 && convolution.kernel == 3 && convolution.stride == 1 && convolution.dilation == 1
      && convolution.groups == 1
      && (convolution.activation == .identity || convolution.activation == .relu)
  }

  /// Both operators'.
  public var label: String { "conv2d+max_pool2d" }
  /// Nothing: there is no backward.
  public var backwardReads: BackwardReads { [] }

  /// The convolution's output, if it is given, and half its height and width.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    let all = try convolution.outputShapes(for: inputs)
    let pooled = try MaxPool2D(kernel: Self.kernel).outputShapes(for: all)[0]
    return givesAll ? all + [pooled] : [pooled]
  }

  /// The convolution's.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    convolution.parameterSpecs(for: inputs)
  }
  /// The convolution's.
  public func macs(for inputs: [Shape]) -> Int { convolution.macs(for: inputs) }
  /// That of the first output.
  public func window(for inputs: [Shape]) -> Window? { window(for: inputs, output: 0) }
  /// The convolution's, and of the largest values four of them side by side.
  public func window(for inputs: [Shape], output: Int) -> Window? {
    guard !(givesAll && output == 0), let window = convolution.window(for: inputs) else {
      return convolution.window(for: inputs)
    }
    let (extent, side) = (window.extent, Self.kernel)
    return Window(
      extent: Pair(extent.height + side.height - 1, extent.width + side.width - 1), stride: side,
      padding: window.padding)
  }

  /// The convolution's, forward; where it does not give all, with the pooling in them.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    guard direction == .forward else { return [] }
    let ways = convolution.algorithms(for: inputs, direction)
    guard !givesAll, let all = try? convolution.outputShapes(for: inputs)[0] else { return ways }
    return ways.map { PooledAlgorithm($0, all: all) }
  }

  /// Convolves and pools.
  public func forward(_ pass: ForwardPass) {
    guard givesAll else { return convolution.runLinear(pass) }
    let (all, pooled) = (pass.outputs[0], pass.outputs[1])
    if let algorithm = pass.algorithm as? any PoolingAlgorithm, algorithm.pools {
      algorithm.run(
        pass.inputs[0], packed: pass.packed ?? UnsafePointer(pass.parameters[0]),
        bias: convolution.bias ? UnsafePointer(pass.parameters[1]) : nil,
        addend: convolution.takesAddend ? pass.inputs[1] : nil, output: all,
        pooled: PooledOutput(pooled, isAlone: false), workspace: pass.workspace, pool: pass.pool)
    } else {
      convolution.runLinear(pass)
      PooledOutput(pooled, isAlone: false).takeLargest(of: all, pool: pass.pool)
    }
  }

  /// There is none.
  public func backward(_ pass: BackwardPass) {
    preconditionFailure("a convolution with a fused pooling is for inference")
  }
}
