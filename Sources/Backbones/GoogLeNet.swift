import Graphs
import Layers

/// GoogLeNet of inception modules (Szegedy et al. 2015, arXiv:1409.4842, table 1), with torchvision's names.
///
/// As there, batch norm follows each convolution, the branch of 5×5 convolutions has 3×3 ones, and the image comes
/// normalised as for other networks (`transform_input` off). The auxiliary heads, which only training uses, are left
/// out.
public struct GoogLeNet: Backbone {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Every number of channels is that of the paper divided by this.
  public let slimming: Int

  /// A GoogLeNet; the paper's has slimming 1.
  public init(classes: Int = 1000, slimming: Int = 1) {
    (self.classes, self.slimming) = (classes, slimming)
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
    let stages = try features(image, "")
    return try stages[stages.count - 1].globalAveragePool().dropout(0.2).dense(classes, "fc")
  }

  /// The activations before each pooling at strides 2, 4, 8 and 16, then that of `inception5b` at 32.
  public func features(_ image: Symbol, _ s: Scope) throws(GraphError) -> [Symbol] {
    var stages = [try conv(image, 64, kernel: 7, stride: 2, s / "conv1")]
    let pooled = try stages[0].maxPool(kernel: 3, stride: 2, ceilMode: true)
    stages.append(try conv(conv(pooled, 64, kernel: 1, s / "conv2"), 192, kernel: 3, s / "conv3"))
    for (index, stage) in Self.stages.enumerated() {
      var y = try stages[index + 1].maxPool(kernel: stage.kernel, stride: 2, ceilMode: true)
      for (letter, branches) in stage.modules {
        y = try inception(y, branches, s / "inception\(index + 3)\(letter)")
      }
      stages.append(y)
    }
    return stages
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
