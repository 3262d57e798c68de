import Graphs
import Layers

/// GoogLeNet of inception modules (Szegedy et al. 2015, arXiv:1409.4842, table 1), with torchvision's names.
///
/// As there, batch norm follows each convolution, the branch of 5×5 convolutions has 3×3 ones, and the graph
/// takes the image as it comes (`transform_input` off): torchvision's published weights expect each channel as
/// `(x - 0.5) / 0.5` for x in 0…1. The auxiliary heads behind `inception4a` and `inception4d`
/// are for training alone. Below an output stride of 32, the last poolings go from pixel to pixel, and the layers behind
/// them are dilated.
public struct GoogLeNet: Backbone {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Every number of channels is that of the paper divided by this.
  public let slimming: Int
  /// Whether there are auxiliary heads.
  public let hasAuxiliary: Bool
  /// Pixels of the image from one of the last activations to the next: 32, 16 or 8.
  public let outputStride: Int

  /// The weight of each auxiliary head's loss (section 5 of the paper).
  private static let auxiliaryWeight: Float = 0.3

  /// A GoogLeNet; the paper's has slimming 1, and auxiliary heads in training.
  public init(classes: Int = 1000, slimming: Int = 1, hasAuxiliary: Bool = false, outputStride: Int = 32) {
    (self.classes, self.slimming) = (classes, slimming)
    (self.hasAuxiliary, self.outputStride) = (hasAuxiliary, outputStride)
  }

  /// Channels of each branch: 1×1, then 3×3 and 5×5 each with the 1×1 before it, then the one behind the pooling.
  private typealias Branches = (Int, (Int, Int), (Int, Int), Int)

  /// The modules of each stage, by their last letter; a max pooling with this kernel stands before them.
  private static let stages: [(kernel: Int, modules: [(String, Branches)])] = [
    (3, [("a", (64, (96, 128), (16, 32), 32)), ("b", (128, (128, 192), (32, 96), 64))]),
    (
      3,
      [
        ("a", (192, (96, 208), (16, 48), 64)),
        ("b", (160, (112, 224), (24, 64), 64)),
        ("c", (128, (128, 256), (24, 64), 64)),
        ("d", (112, (144, 288), (32, 64), 64)),
        ("e", (256, (160, 320), (32, 128), 128)),
      ]
    ),
    (2, [("a", (256, (160, 320), (32, 128), 128)), ("b", (384, (192, 384), (48, 128), 128))]),
  ]

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    try head(modules(image, ""))
  }

  /// The logits, then those of the auxiliary heads.
  public func outputs(_ image: Symbol) throws(GraphError) -> [Symbol] {
    let modules = try modules(image, "")
    guard hasAuxiliary else { return [try head(modules)] }
    let fourth = modules[3]
    return [
      try head(modules), try auxiliaryHead(fourth[0], "aux1"), try auxiliaryHead(fourth[3], "aux2"),
    ]
  }

  /// The dense layer and the auxiliary heads.
  public var headNames: [String] { ["fc.", "aux1.", "aux2."] }
  /// All but the heads.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: headNames) }

  /// The activations before each pooling at strides 2, 4, 8 and 16, then that of `inception5b` at 32, or at the output
  /// stride from there on.
  public func features(_ image: Symbol, _ scope: Scope) throws(GraphError) -> [Symbol] {
    try modules(image, scope).map { $0[$0.count - 1] }
  }

  /// The activations of all modules by their stage; the first two stages have one convolution each to show.
  private func modules(_ image: Symbol, _ s: Scope) throws(GraphError) -> [[Symbol]] {
    var budget = try StrideBudget(outputStride, "googlenet")
    let stem = try conv(image, 64, kernel: 7, stride: Pair(budget.halve()), s / "conv1")
    let pooled = try pool(stem, kernel: 3, &budget)
    var y = try conv(conv(pooled, 64, kernel: 1, s / "conv2"), 192, kernel: 3, s / "conv3")
    var modules = [[stem], [y]]
    for (index, stage) in Self.stages.enumerated() {
      y = try pool(y, kernel: stage.kernel, &budget)
      var outputs: [Symbol] = []
      for (letter, branches) in stage.modules {
        y = try inception(y, branches, dilation: Pair(budget.dilation), s / "inception\(index + 3)\(letter)")
        outputs.append(y)
      }
      modules.append(outputs)
    }
    return modules
  }

  /// A pooling that halves the image while the budget lasts. Then it looks from each pixel at what it would look at from
  /// every other one, so that the activations of a greater output stride are among those that follow, where sizes are
  /// even: of an odd one, `inception5a`'s last window would be beyond the border.
  private func pool(
    _ x: Symbol, kernel: Int, _ budget: inout StrideBudget
  ) throws(GraphError) -> Symbol {
    let dilation = budget.dilation
    if budget.halve() == 2 { return try x.maxPool(kernel: Pair(kernel), stride: 2, ceilMode: true) }
    if kernel == 2, dilation == 1 {
      // These windows are one more than there are pixels.
      return try x.maxPool(kernel: 2, stride: 1, padding: 1).cropped(like: x)
    }
    // The pixel itself joins two that lie on both sides of it: at the border of a small image there is neither.
    let spacing = kernel == 2 ? dilation / 2 : dilation
    return try x.maxPool(kernel: 3, stride: 1, padding: Pair(spacing), dilation: Pair(spacing))
  }

  /// The logits of what the last module gives.
  private func head(_ modules: [[Symbol]]) throws(GraphError) -> Symbol {
    let last = modules[modules.count - 1]
    return try last[last.count - 1].globalAveragePool().dropout(0.2).dense(classes, "fc")
  }

  /// Logits of a module in the middle.
  private func auxiliaryHead(_ x: Symbol, _ s: Scope) throws(GraphError) -> Symbol {
    let y = try conv(x.adaptiveAveragePool(to: 4), 128, kernel: 1, s / "conv")
    let hidden = try y.dense(max(1, 1024 / slimming), s / "fc1").relu().dropout(0.7)
    return try hidden.dense(classes, s / "fc2").auxiliary(weight: Self.auxiliaryWeight)
  }

  /// Four branches side by side.
  private func inception(
    _ x: Symbol, _ branches: Branches, dilation: Pair, _ s: Scope
  ) throws(GraphError) -> Symbol {
    let (b2, b3) = (s / "branch2", s / "branch3")
    let first = try conv(x, branches.0, kernel: 1, s / "branch1")
    let second = try conv(
      conv(x, branches.1.0, kernel: 1, b2 / 0), branches.1.1, kernel: 3, dilation: dilation, b2 / 1)
    let third = try conv(
      conv(x, branches.2.0, kernel: 1, b3 / 0), branches.2.1, kernel: 3, dilation: dilation, b3 / 1)
    let pooled = try x.maxPool(kernel: 3, stride: 1, padding: dilation, dilation: dilation)
    let fourth = try conv(pooled, branches.3, kernel: 1, s / "branch4" / 1)
    return try first.concatenated(with: second, third, fourth)
  }

  /// A convolution with batch norm and ReLU.
  private func conv(
    _ x: Symbol, _ channels: Int, kernel: Pair, stride: Pair = 1, dilation: Pair = 1, _ s: Scope
  ) throws(GraphError) -> Symbol {
    try x.conv(
      max(1, channels / slimming), kernel: kernel, stride: stride, dilation: dilation, bias: false, s / "conv"
    )
    .batchNorm(epsilon: 0.001, s / "bn").relu()
  }
}
