import Foundation
import TensorCore

/// Local response normalisation over neighbouring channels (Krizhevsky et al. 2012, "ImageNet classification with deep
/// convolutional neural networks", §3.3), as PyTorch's `LocalResponseNorm`:
/// `b[c] = a[c] / (k + α/n · Σ a[j]²)^β`, `j` from `c - n/2` to `c + (n - 1)/2`.
///
/// `[N, H, W, C]` gives `[N, H, W, C]`. The paper has no `1/n` before the sum: its α is PyTorch's divided by n.
public struct LocalResponseNorm: Operator {
  /// n, channels of a sum, 1 to 65536.
  public let size: Int
  /// α, 0 or more.
  public let alpha: Float
  /// β, 0 or more.
  public let beta: Float
  /// k, above 0.
  public let k: Float

  /// A normalisation over `size` channels, with PyTorch's standard values for the rest.
  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) {
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  /// `local_response_norm`.
  public var label: String { "local_response_norm" }

  /// The shape of the input.
  ///
  /// - Throws: `LayerError` unless there is one input and all settings are in range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 1)
    guard (1...65536).contains(size) else {
      throw .setting(operator: label, name: "size", expected: "from 1 to 65536", found: size)
    }
    for (name, value) in [("alpha", alpha), ("beta", beta)] where !(value >= 0 && value.isFinite) {
      throw .setting(
        operator: label, name: "\(name) in percent", expected: "of 0 or more", found: percent(value))
    }
    guard k > 0, k.isFinite else {
      throw .setting(operator: label, name: "k in percent", expected: "above 0", found: percent(k))
    }
    return inputs
  }

  /// The inputs, from which the sums are computed again.
  public var backwardReads: BackwardReads { .inputs }

  /// A pixel's terms with a margin, its sums, and its factors, for each thread.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    threads * scratchCount(inputs[0].channels)
  }

  private func scratchCount(_ channels: Int) -> Int { 3 * channels + size }

  /// Divides every element by what the squares around it make.
  public func forward(_ pass: ForwardPass) {
    let (input, output, channels) = (pass.inputs[0], pass.outputs[0], pass.inputs[0].channels)
    forEachPixel(of: input, pass.workspace, pass.pool) { pixel, scratch in
      let (source, target) = (input.pixel(pixel), output.pixel(pixel))
      let factors = scratch.factors(of: source, self)
      for c in 0..<channels { target[c] = source[c] * factors[c] }
    }
  }

  /// Writes `g[c] · d[c]^-β - 2αβ/n · a[c] · Σ g[j] · a[j] · d[j]^(-β-1)` over the sums that `c` is in.
  public func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    let (input, channels) = (pass.inputs[0], pass.inputs[0].channels)
    let share = 2 * alpha * beta / Float(size)
    forEachPixel(of: input, pass.workspace, pass.pool) { pixel, scratch in
      let (source, flow, result) = (input.pixel(pixel), gradient.pixel(pixel), target.pixel(pixel))
      let factors = scratch.factors(of: source, self)
      let lead = (size - 1) / 2
      let terms = scratch.terms(lead: lead)
      for c in 0..<channels { terms[c] = flow[c] * source[c] * factors[c] / scratch.sums[c] }
      scratch.addWindows(size)
      for c in 0..<channels {
        result[c] = flow[c] * factors[c] - share * source[c] * scratch.sums[c]
      }
    }
  }

  private func forEachPixel(
    of view: TensorView, _ workspace: UnsafeMutablePointer<Float>, _ pool: ThreadPool,
    _ body: (_ pixel: Int, _ scratch: ResponseScratch) -> Void
  ) {
    let chunks = PixelChunks(view.shape)
    let count = scratchCount(view.channels)
    pool.forEach(chunks.count) { index, thread in
      let scratch = ResponseScratch(workspace + thread &* count, channels: view.channels, size: size)
      for pixel in chunks[index] { body(pixel, scratch) }
    }
  }

  /// Writes `d^-β` for each `d`.
  fileprivate func raise(
    _ bases: UnsafePointer<Float>, to factors: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    // The powers that networks have are square roots, which a processor does many at once.
    switch beta {
    case 0.75:
      for c in 0..<count {
        let root = bases[c].squareRoot()
        factors[c] = 1 / (root * root.squareRoot())
      }
    case 0.5:
      for c in 0..<count { factors[c] = 1 / bases[c].squareRoot() }
    case 1:
      for c in 0..<count { factors[c] = 1 / bases[c] }
    default:
      for c in 0..<count { factors[c] = pow(bases[c], -beta) }
    }
  }
}

/// What one thread needs for one pixel.
private struct ResponseScratch {
  /// The terms of the sums, with zeros before and behind them: channels and the size of a sum.
  let margined: UnsafeMutablePointer<Float>
  /// The sums, one for each channel.
  let sums: UnsafeMutablePointer<Float>
  /// The factors, one for each channel.
  let power: UnsafeMutablePointer<Float>
  let channels: Int
  let size: Int

  init(_ memory: UnsafeMutablePointer<Float>, channels: Int, size: Int) {
    (margined, sums, power) = (memory, memory + channels + size, memory + 2 * channels + size)
    (self.channels, self.size) = (channels, size)
  }

  /// Where the terms go so that the sum of a channel begins `lead` channels before it; the margins are zeroed.
  func terms(lead: Int) -> UnsafeMutablePointer<Float> {
    ChannelLoops.zero(margined, lead)
    ChannelLoops.zero(margined + lead + channels, size - lead)
    return margined + lead
  }

  /// Sums `size` terms for each channel.
  func addWindows(_ size: Int) {
    ChannelLoops.zero(sums, channels)
    for offset in 0..<size { ChannelLoops.add(margined + offset, to: sums, channels) }
  }

  /// `d^-β` of each channel; leaves `d` in `sums`.
  func factors(
    of source: UnsafePointer<Float>, _ norm: LocalResponseNorm
  ) -> UnsafeMutablePointer<Float> {
    let terms = terms(lead: size / 2)
    for c in 0..<channels { terms[c] = source[c] * source[c] }
    addWindows(size)
    let share = norm.alpha / Float(size)
    for c in 0..<channels { sums[c] = norm.k + share * sums[c] }
    norm.raise(sums, to: power, channels)
    return power
  }
}
