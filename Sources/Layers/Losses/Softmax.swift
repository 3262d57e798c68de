import CKernels
import TensorCore

/// Softmax over the channels of each pixel: `[N, H, W, C]` of logits to `[N, H, W, C]` of probabilities.
///
/// The maximum is taken away first, so that large logits do not overflow.
public struct Softmax: Operator {
  /// A softmax over channels.
  public init() {}

  /// `softmax`.
  public var label: String { "softmax" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    return inputs
  }

  /// The outputs.
  public var backwardReads: BackwardReads { .outputs }

  /// A tile of 16 pixels for each thread.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    direction == .forward ? threads * Int(TSR_TILE) * inputs[0].channels : 0
  }

  /// Writes the probabilities.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    let chunks = PixelChunks(input.shape)
    let tile = Int(TSR_TILE) * input.channels
    guard tile > 0 else { return }
    pass.pool.forEach(chunks.count) { index, worker in
      let range = chunks[index]
      tsr_softmax(
        range.count, input.channels, input.pixel(range.lowerBound), input.pixelStride,
        output.pixel(range.lowerBound), output.pixelStride, pass.workspace + worker * tile)
    }
  }

  /// Writes the gradient of the logits; 0 where none flows back.
  public func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    guard let gradient = pass.outputGradients[0] else { return pass.pool.clear(target) }
    let output = pass.outputs[0]
    let chunks = PixelChunks(target.shape)
    pass.pool.forEach(chunks.count) { index, _ in
      let range = chunks[index]
      tsr_softmax_gradient(
        range.count, output.channels, output.pixel(range.lowerBound), output.pixelStride,
        gradient.pixel(range.lowerBound), gradient.pixelStride, target.pixel(range.lowerBound),
        target.pixelStride)
    }
  }
}
