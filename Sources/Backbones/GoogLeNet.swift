import Graphs
import Layers

/// GoogLeNet of inception modules (Szegedy et al. 2015, arXiv:1409.4842, table 1), with torchvision's names.
///
/// As there, batch norm follows each convolution, the branch of 5×5 convolutions has 3×3 ones, and the graph
/// takes the image as it comes (`transform_input` off): torchvision's published weights expect each channel as
/// `(x - 0.5) / 0.5` for x in 0…1. The auxiliary heads behind `inception4a` and `inception4d`
/// are for training alone.
public struct GoogLeNet: Backbone {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Every number of channels is that of the paper divided by this.
  public let slimming: Int
  /// Whether there are auxiliary heads.
  public let hasAuxiliary: Bool

  /// The weight of each auxiliary head's loss (section 5 of the paper).
  private static let auxiliaryWeight: Float = 0.3

  /// A GoogLeNet; the paper's has slimming 1, and auxiliary heads in training.
  public init(classes: Int = 1000, slimming: Int = 1, hasAuxiliary: Bool = false) {
    (self.classes, self.slimming, self.hasAuxiliary) = (classes, slimming, hasAuxiliary)
  }

  /// Channels of each branch: 1×1, then 3×3 and 5×5 each with the 1×1 before it, then the one behind the pooling.
  private typealias Branches = (Int, (Int, Int), (Int, Int), Int)

  /// The modules of each stage, by their last letter; a max pooling with this kernel stands before them.
  private static let stages: [(kernel: Pair, modules: [(String, Branches)])] = [
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

  /// The activations before each pooling at strides 2, 4, 8 and 16, then that of `inception5b` at 32.
  public func features(_ image: Symbol, _ scope: Scope) throws(GraphError) -> [Symbol] {
    try modules(image, scope).map { $0[$0.count - 1] }
  }

  /// The activations of all modules by their stage; the first two stages have one convolution each to show.
  private func modules(_ image: Symbol, _ s: Scope) throws(GraphError) -> [[Symbol]] {
    let stem = try conv(image, 64, kernel: 7, stride: 2, s / "conv1")
    let pooled = try stem.maxPool(kernel: 3, stride: 2, ceilMode: true)
    var y = try conv(conv(pooled, 64, kernel: 1, s / "conv2"), 192, kernel: 3, s / "conv3")
    var modules = [[stem], [y]]
    for (index, stage) in Self.stages.enumerated() {
      y = try y.maxPool(kernel: stage.kernel, stride: 2, ceilMode: true)
      var outputs: [Symbol] = []
      for (letter, branches) in stage.modules {
        y = try inception(y, branches, s / "inception\(index + 3)\(letter)")
        outputs.append(y)
      }
      modules.append(outputs)
    }
    return modules
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
  private func inception(_ x: Symbol, _ branches: Branches, _ s: Scope) throws(GraphError) -> Symbol {
    let (b2, b3) = (s / "branch2", s / "branch3")
    let first = try conv(x, branches.0, kernel: 1, s / "branch1")
    let second = try conv(conv(x, branches.1.0, kernel: 1, b2 / 0), branches.1.1, kernel: 3, b2 / 1)
    let third = try conv(conv(x, branches.2.0, kernel: 1, b3 / 0), branches.2.1, kernel: 3, b3 / 1)
    let pooled = try x.maxPool(kernel: 3, stride: 1, padding: 1, ceilMode: true)
    let fourth = try conv(pooled, branches.3, kernel: 1, s / "branch4" / 1)
    return try first.concatenated(with: second, third, fourth)
  }

  /// A convolution with batch norm and ReLU.
  private func conv(
    _ x: Symbol, _ channels: Int, kernel: Pair, stride: Pair = 1, _ s: Scope
  ) throws(GraphError) -> Symbol {
    try x.conv(max(1, channels / slimming), kernel: kernel, stride: stride, bias: false, s / "conv")
      .batchNorm(epsilon: 0.001, s / "bn").relu()
  }
}
