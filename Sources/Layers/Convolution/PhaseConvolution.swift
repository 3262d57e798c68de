import CKernels
import TensorCore

/// From output to input at a stride, as the gradient of the input or a transposed convolution: the pixels of the input
/// in one phase of the stride read the same taps, so that each phase is a plain convolution of the output with those.
///
/// `geometry` is that of the convolution; this algorithm runs it from output to input.
package struct PhaseConvolution: Algorithm {
  let geometry: ConvolutionGeometry
  /// Applied to the sum with the bias.
  let activation: Activation

  /// The convolution of each phase that has a tap.
  private let phases: [DirectConvolution]
  /// The first pixels of the phases that have none.
  private let emptyOrigins: [Pair]

  package init(_ geometry: ConvolutionGeometry, activation: Activation = .identity) {
    self.geometry = geometry
    self.activation = activation
    var (phases, empty): ([DirectConvolution], [Pair]) = ([], [])
    for row in 0..<min(geometry.stride.height, geometry.input.height) {
      for column in 0..<min(geometry.stride.width, geometry.input.width) {
        let origin = Pair(row, column)
        if let phase = Self.phase(geometry, origin, activation) {
          phases.append(phase)
        } else {
          empty.append(origin)
        }
      }
    }
    (self.phases, emptyOrigins) = (phases, empty)
  }

  /// Whether the kernel exists on this processor, and there is a stride without dilation.
  package static func supports(_ geometry: ConvolutionGeometry) -> Bool {
    tsr_panel_width() > 0 && geometry.groups == 1 && geometry.dilation == 1 && geometry.stride != 1
  }

  /// The taps along one axis of the pixels `origin + j · stride`: output `j - padding + u` meets tap
  /// `first + (count - 1 - u) · stride`.
  private struct Axis {
    let first: Int
    let count: Int
    let padding: Int
    let outputs: Int

    init(origin: Int, input: Int, kernel: Int, stride: Int, padding: Int) {
      first = (origin + padding) % stride
      count = first < kernel ? (kernel - first + stride - 1) / stride : 0
      self.padding = count - 1 - (origin + padding) / stride
      outputs = (input - origin + stride - 1) / stride
    }
  }

  private static func phase(
    _ g: ConvolutionGeometry, _ origin: Pair, _ activation: Activation
  ) -> DirectConvolution? {
    let rows = Axis(
      origin: origin.height, input: g.input.height, kernel: g.kernel.height, stride: g.stride.height,
      padding: g.padding.height)
    let columns = Axis(
      origin: origin.width, input: g.input.width, kernel: g.kernel.width, stride: g.stride.width,
      padding: g.padding.width)
    guard rows.count > 0, columns.count > 0 else { return nil }
    let geometry = ConvolutionGeometry(
      batch: g.batch, input: g.output, inputChannels: g.outputChannels,
      output: Pair(rows.outputs, columns.outputs), outputChannels: g.inputChannels,
      kernel: Pair(rows.count, columns.count), stride: 1, padding: Pair(rows.padding, columns.padding),
      dilation: 1, groups: 1)
    let taps = (0..<rows.count).reversed().flatMap { row in
      (0..<columns.count).reversed().map { column in
        (rows.first + row * g.stride.height) * g.kernel.width + columns.first + column * g.stride.width
      }
    }
    return DirectConvolution(
      geometry, activation: activation, isGradient: true,
      phase: ConvolutionPhase(sourceTaps: taps, storedTaps: g.taps, origin: origin, step: g.stride))
  }

  package var name: String { "phases" }
  package var products: Int { phases.reduce(0) { $0 + $1.products } }
  package var packing: String {
    // An input smaller than the stride has not all phases.
    let (rows, columns) = (
      min(geometry.stride.height, geometry.input.height), min(geometry.stride.width, geometry.input.width)
    )
    return "phases-\(geometry.stride)-\(geometry.padding)-\(Pair(rows, columns))"
  }
  package var packedCount: Int { phases.reduce(0) { $0 + $1.packedCount } }

  package func workspace(threads: Int) -> Int {
    phases.map { $0.workspace(threads: threads) }.max() ?? 0
  }

  /// The packed weights of one phase behind those of another.
  package func pack(
    _ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    DirectConvolution.pack(phases, weight, into: packed, pool: pool)
  }

  package func run(
    _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
    output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    var weights = packed
    for phase in phases {
      phase.run(
        input, packed: weights, bias: bias, addend: addend, output: output, workspace: workspace, pool: pool)
      weights += phase.packedCount
    }
    for origin in emptyOrigins { fill(output, from: origin, bias, addend, pool) }
  }

  /// Writes what a pixel without a tap is: bias and addend, activated, or 0.
  private func fill(
    _ output: TensorView, from origin: Pair, _ bias: UnsafePointer<Float>?, _ addend: TensorView?,
    _ pool: ThreadPool
  ) {
    let (g, channels) = (geometry, output.channels)
    let rows = (g.input.height - origin.height + g.stride.height - 1) / g.stride.height
    pool.forEach(g.batch * rows) { task, _ in
      let y = origin.height + task % rows * g.stride.height
      for x in stride(from: origin.width, to: g.input.width, by: g.stride.width) {
        let pixel = output.pixel(task / rows, y, x)
        ChannelLoops.begin(pixel, bias: bias, addend: addend?.pixel(task / rows, y, x), channels)
        activation.apply(pixel, channels)
      }
    }
  }
}
