import CKernels
import TensorCore

/// A loss of logits `[N, H, W, C]` against labels `[N, H, W, 1]`, class indices held as floats; `[1, 1, 1, 1]`.
///
/// Forward finds the gradient of the logits along with the loss, and backward scales it. A pixel counts unless its
/// label is `ignoreIndex` or no class; where none counts, loss and gradient are 0.
public protocol LogitsLoss: Operator {
  /// The label of pixels that do not count; `nil` where all do.
  var ignoreIndex: Int? { get }

  /// Throws `LayerError` for a setting outside of its range or of another number of classes.
  func checkSettings(classes: Int) throws(LayerError)

  /// Elements of scratch memory besides sums and the gradient.
  func scratch(for logits: Shape, threads: Int) -> Int

  /// Sums that `LossPass.sum` takes over pixels at once, at most.
  func sums(classes: Int) -> Int

  /// The loss; writes every element of the gradient of the logits.
  func evaluate(_ pass: LossPass) -> Double
}

extension LogitsLoss {
  /// One number.
  ///
  /// - Throws: `LayerError` for another number of inputs than 2, labels of another size than the logits, or a
  ///   setting outside of its range.
  public func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] {
    try expect(inputs, count: 2)
    let (logits, labels) = (inputs[0], inputs[1])
    if labels != logits.with(channels: 1) {
      throw .shapesDiffer(operator: label, expected: logits.with(channels: 1), found: labels)
    }
    try checkSettings(classes: logits.channels)
    return [[1, 1, 1, 1]]
  }

  /// Every setting suits.
  public func checkSettings(classes: Int) throws(LayerError) {}

  /// No scratch memory.
  public func scratch(for logits: Shape, threads: Int) -> Int { 0 }

  /// Two.
  public func sums(classes: Int) -> Int { 2 }

  /// Nothing: forward finds the gradient too.
  public var backwardReads: BackwardReads { [] }

  /// The gradient of the logits.
  public func savedShapes(for inputs: [Shape]) -> [Shape] { [inputs[0]] }

  /// Sums in `Double` for each chunk, a tile of softmax for each thread, a gradient, and the loss's own.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int {
    guard direction == .forward else { return 0 }
    let layout = LossPass.Layout(inputs[0], sums: sums(classes: inputs[0].channels), threads: threads)
    return layout.scratch + scratch(for: inputs[0], threads: threads)
  }

  /// Writes the loss, and its gradient for backward to scale.
  public func forward(_ pass: ForwardPass) {
    let logits = pass.inputs[0]
    let layout = LossPass.Layout(
      logits.shape, sums: sums(classes: logits.channels), threads: pass.pool.threads)
    let gradient =
      pass.saved.first ?? TensorView(pass.workspace + layout.gradient, shape: logits.shape)
    let lossPass = LossPass(
      logits: logits, labels: PixelLabels(pass.inputs[1], classes: logits.channels, ignored: ignoreIndex),
      gradient: gradient, pool: pass.pool, workspace: pass.workspace, layout: layout)
    pass.outputs[0].pointer.pointee = Float(evaluate(lossPass))
  }

  /// Writes the gradient of the logits, and 0 for the labels, which have none.
  public func backward(_ pass: BackwardPass) {
    if let labels = pass.inputGradients[1] { pass.pool.clear(labels) }
    guard let target = pass.inputGradients[0] else { return }
    guard let scale = pass.outputGradients[0]?.pointer.pointee else { return pass.pool.clear(target) }
    let saved = pass.saved[0]
    pass.pool.forEachRun(target.shape, contiguous: saved.isContiguous && target.isContiguous) {
      pixel, count in
      let (from, to) = (saved.pixel(pixel), target.pixel(pixel))
      for index in 0..<count { to[index] = from[index] * scale }
    }
  }

  /// Throws unless there are weights for all classes.
  func check(_ weights: [Float]?, classes: Int) throws(LayerError) {
    guard let weights, weights.count != classes else { return }
    throw .setting(
      operator: label, name: "class weights", expected: "for \(classes) classes", found: weights.count)
  }
}
