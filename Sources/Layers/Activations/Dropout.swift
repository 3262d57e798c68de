import CKernels
import TensorCore

/// Dropout (Srivastava et al. 2014, JMLR 15): in training, sets elements to 0 with `probability` and scales
/// the others by `1 / (1 - probability)`; in inference, the identity.
///
/// Whether an element drops is a hash of the pass's seed and of its place in `[N, H, W, C]`. Backward
/// computes the same hash again, so that no mask is kept.
public struct Dropout: Operator {
  /// The share of elements that drop, in `0..<1`.
  public let probability: Float

  /// An operator that drops elements with `probability`, in `0..<1`.
  public init(_ probability: Float) { self.probability = probability }

  /// `dropout`.
  public var label: String { "dropout" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` for another number of inputs than 1, or a probability outside of `0..<1`.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    guard probability >= 0, probability < 1 else {
      throw .setting(
        operator: label, name: "probability in percent", expected: "of 0 or more, below 100",
        found: percent(probability))
    }
    return inputs
  }

  /// Nothing: the mask follows from the seed.
  public var backwardReads: BackwardReads { [] }

  /// True in inference, and when nothing drops.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool { mode == .inference || probability == 0 }

  /// Writes every element scaled or 0; the input unchanged in inference.
  public func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    if isIdentity(for: [input.shape], mode: pass.mode) {
      ActivationLayer(.identity).forward(pass)
    } else {
      drop(input, into: output, seed: pass.seed, pool: pass.pool)
    }
  }

  /// Writes the gradient of every element scaled or 0, as forward did; 0 where none flows back.
  public func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    guard let gradient = pass.outputGradients[0] else { return pass.pool.clear(target) }
    drop(gradient, into: target, seed: pass.seed, pool: pass.pool)
  }

  private func drop(_ input: TensorView, into output: TensorView, seed: UInt64, pool: ThreadPool) {
    var stream = RandomStream(keys: seed)
    let key = stream.next()
    let threshold = UInt32(min(Double(probability) * 0x1p32, 0x1p32 - 1))
    let scale = 1 / (1 - probability)
    let channels = input.channels
    pool.forEachRun(input.shape, contiguous: input.isContiguous && output.isContiguous) { pixel, count in
      tsr_dropout(
        count, key, UInt64(pixel * channels), threshold, scale, input.pixel(pixel), output.pixel(pixel))
    }
  }
}
