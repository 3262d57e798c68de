import CKernels
import TensorCore

/// The mean cross entropy of softmax against class indices, PyTorch's `CrossEntropyLoss`.
///
/// Inputs are logits `[N, H, W, C]` and labels `[N, H, W, 1]`, class indices held as floats; the output is
/// `[1, 1, 1, 1]`. The mean is over the pixels that count, each by the weight of its label's class.
///
/// A pixel counts unless its label is `ignoreIndex`. Dataset readers check labels; one that is no whole
/// number in `0..<C` all the same is ignored too. Where no pixel counts, or all that do weigh 0, the loss and
/// its gradient are 0 (PyTorch: NaN), so that an empty crop does not end a training.
public struct SoftmaxCrossEntropy: Operator {
  /// The weight of each class; `nil` is 1 for all.
  public let classWeights: [Float]?
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?
  /// The share of each target that goes to all classes alike, in `0...1` (Szegedy et al. 2015,
  /// arXiv:1512.00567, section 7).
  public let labelSmoothing: Float

  /// A mean cross entropy; see the properties.
  public init(classWeights: [Float]? = nil, ignoreIndex: Int? = nil, labelSmoothing: Float = 0) {
    self.classWeights = classWeights
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
  }

  /// `softmax_cross_entropy`.
  public var label: String { "softmax_cross_entropy" }

  /// One number.
  ///
  /// - Throws: `LayerError` for another number of inputs than 2, labels of another size than the logits,
  ///   weights for another number of classes, or a smoothing outside of `0...1`.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 2)
    let (logits, labels) = (inputs[0], inputs[1])
    if labels != logits.with(channels: 1) {
      throw .shapesDiffer(operator: label, expected: logits.with(channels: 1), found: labels)
    }
    if let classWeights, classWeights.count != logits.channels {
      throw .setting(
        operator: label, name: "class weights", expected: "for \(logits.channels) classes",
        found: classWeights.count)
    }
    guard labelSmoothing >= 0, labelSmoothing <= 1 else {
      throw .setting(
        operator: label, name: "label smoothing in percent", expected: "of 0 to 100",
        found: percent(labelSmoothing))
    }
    return [[1, 1, 1, 1]]
  }

  /// Nothing: forward finds the gradient too.
  public var backwardReads: BackwardReads { [] }

  /// The gradient of the sum of weighted losses, and the sum of weights.
  public func savedShapes(for inputs: [Shape]) -> [Shape] { [inputs[0], [1, 1, 1, 1]] }

  /// A tile of 16 pixels for each thread, and two sums in `Double` for each chunk.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    guard direction == .forward else { return 0 }
    return threads * Int(TSR_TILE) * inputs[0].channels + PixelChunks(inputs[0]).count * 4
  }

  /// Writes the loss; in training also its gradient, for backward to scale.
  public func forward(_ pass: ForwardPass) {
    let (logits, labels) = (pass.inputs[0], pass.inputs[1])
    let chunks = PixelChunks(logits.shape)
    let channels = logits.channels
    let tile = Int(TSR_TILE) * channels
    // Bytes, because the place behind the tiles need not be aligned for `Double`.
    let partials = UnsafeMutableRawPointer(pass.workspace + pass.pool.threads * tile)
    let ignored = Float(ignoreIndex ?? -1)
    let saved = pass.saved.first
    (classWeights ?? []).withUnsafeBufferPointer { weights in
      let weights = classWeights == nil ? nil : weights.baseAddress
      pass.pool.forEach(chunks.count) { index, worker in
        let range = chunks[index]
        var sums = (loss: 0.0, weight: 0.0)
        withUnsafeMutableBytes(of: &sums) { bytes in
          tsr_softmax_cross_entropy(
            range.count, channels, logits.pixel(range.lowerBound), logits.pixelStride,
            labels.pixel(range.lowerBound), labels.pixelStride, weights, ignored, labelSmoothing,
            saved?.pixel(range.lowerBound), saved?.pixelStride ?? 0, pass.workspace + worker * tile,
            bytes.assumingMemoryBound(to: Double.self).baseAddress)
        }
        partials.storeBytes(of: sums.loss, toByteOffset: index * 16, as: Double.self)
        partials.storeBytes(of: sums.weight, toByteOffset: index * 16 + 8, as: Double.self)
      }
    }
    var (loss, weight) = (0.0, 0.0)
    for index in 0..<chunks.count {
      loss += partials.loadUnaligned(fromByteOffset: index * 16, as: Double.self)
      weight += partials.loadUnaligned(fromByteOffset: index * 16 + 8, as: Double.self)
    }
    pass.outputs[0].pointer.pointee = weight > 0 ? Float(loss / weight) : 0
    if pass.saved.count > 1 { pass.saved[1].pointer.pointee = Float(weight) }
  }

  /// Writes the gradient of the logits, and 0 for the labels, which have none.
  public func backward(_ pass: BackwardPass) {
    if let labels = pass.inputGradients[1] { pass.pool.clear(labels) }
    guard let target = pass.inputGradients[0] else { return }
    let weight = pass.saved[1].pointer.pointee
    guard let gradient = pass.outputGradients[0], weight > 0 else { return pass.pool.clear(target) }
    let scale = gradient.pointer.pointee / weight
    let saved = pass.saved[0]
    pass.pool.forEachRun(target.shape, contiguous: saved.isContiguous && target.isContiguous) {
      pixel, count in
      let (from, to) = (saved.pixel(pixel), target.pixel(pixel))
      for index in 0..<count { to[index] = from[index] * scale }
    }
  }
}
