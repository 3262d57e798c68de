import Graphs
import Layers

/// Residual networks (He et al. 2016, arXiv:1512.03385), with torchvision's names.
///
/// As there, a bottleneck halves the size in its 3×3 convolution ("version 1.5"), where the paper does it in the
/// first 1×1.
public struct ResNet: Backbone {
  /// Two 3×3 convolutions, or a 3×3 between two 1×1.
  public enum Block: Sendable { case basic, bottleneck }

  /// Which residual block.
  public let block: Block
  /// Blocks of each of the four stages.
  public let blocks: [Int]
  /// Channels of the first stage's 3×3 convolutions; each stage doubles them.
  public let width: Int
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Pixels of the image from one of the last activations to the next: 32, 16 or 8.
  public let outputStride: Int

  /// A residual network; the paper's have width 64.
  public init(_ block: Block, blocks: [Int], width: Int = 64, classes: Int = 1000, outputStride: Int = 32) {
    (self.block, self.blocks, self.width) = (block, blocks, width)
    (self.classes, self.outputStride) = (classes, outputStride)
  }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let stages = try features(image, "")
    return try stages[stages.count - 1].globalAveragePool().dense(classes, "fc")
  }

  /// The dense layer.
  public var headNames: [String] { ["fc."] }
  /// All but the dense layer, of a network of the same blocks.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: headNames) }

  /// The stem's activation at stride 2, then those of `layer1` to `layer4` at strides 4, 8, 16 and 32 or the output
  /// stride.
  public func features(_ image: Symbol, _ s: Scope) throws(GraphError) -> [Symbol] {
    var budget = try StrideBudget(outputStride, "resnet")
    let stem = try image.conv(width, kernel: 7, stride: Pair(budget.halve()), bias: false, s / "conv1")
      .batchNorm(s / "bn1").relu()
    var stages = [stem]
    var y = try stem.maxPool(kernel: 3, stride: Pair(budget.halve()), padding: 1)
    for (stage, count) in blocks.enumerated() {
      for index in 0..<count {
        let before = budget.dilation
        let stride = stage > 0 && index == 0 ? budget.halve() : 1
        let name = s / "layer\(stage + 1)" / index
        y = try residual(y, width << stage, stride: stride, dilations: (before, budget.dilation), name)
      }
      stages.append(y)
    }
    return stages
  }

  /// A block; its shortcut is a 1×1 convolution where the shape changes.
  private func residual(
    _ x: Symbol, _ width: Int, stride: Int, dilations: (Int, Int), _ s: Scope
  ) throws(GraphError) -> Symbol {
    let (first, second) = (Pair(dilations.0), Pair(dilations.1))
    let outputs = block == .basic ? width : 4 * width
    var y: Symbol
    switch block {
    case .basic:
      y = try x.conv(width, kernel: 3, stride: Pair(stride), dilation: first, bias: false, s / "conv1")
      y = try y.batchNorm(s / "bn1").relu()
      y = try y.conv(width, kernel: 3, dilation: second, bias: false, s / "conv2").batchNorm(s / "bn2")
    case .bottleneck:
      y = try x.conv(width, kernel: 1, bias: false, s / "conv1").batchNorm(s / "bn1").relu()
      y = try y.conv(width, kernel: 3, stride: Pair(stride), dilation: first, bias: false, s / "conv2")
      y = try y.batchNorm(s / "bn2").relu()
      y = try y.conv(outputs, kernel: 1, bias: false, s / "conv3").batchNorm(s / "bn3")
    }
    var shortcut = x
    if stride != 1 || x.channels != outputs {
      let d = s / "downsample"
      shortcut = try x.conv(outputs, kernel: 1, stride: Pair(stride), bias: false, d / 0).batchNorm(d / 1)
    }
    return try y.adding(shortcut).relu()
  }
}

extension ResNet {
  /// The networks of the paper's table 1.
  public enum Variant: String, CaseIterable, Sendable {
    case resnet18, resnet34, resnet50, resnet101, resnet152
  }

  /// A network of the paper.
  public init(_ variant: Variant, classes: Int = 1000, outputStride: Int = 32) {
    let (block, blocks): (Block, [Int]) =
      switch variant {
      case .resnet18: (.basic, [2, 2, 2, 2])
      case .resnet34: (.basic, [3, 4, 6, 3])
      case .resnet50: (.bottleneck, [3, 4, 6, 3])
      case .resnet101: (.bottleneck, [3, 4, 23, 3])
      case .resnet152: (.bottleneck, [3, 8, 36, 3])
      }
    self.init(block, blocks: blocks, classes: classes, outputStride: outputStride)
  }
}
