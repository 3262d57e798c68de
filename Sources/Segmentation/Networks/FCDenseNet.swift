import Graphs
import Layers

/// FC-DenseNet, "the one hundred layers tiramisu" (Jégou et al. 2017, arXiv:1611.09326, figure 1 and table 2): dense
/// blocks in a U-Net's shape.
///
/// On the way down a block's input is joined with what its layers add; on the way up only what they add is upsampled, so
/// that channels do not pile up. Names are those of bfortuner's PyTorch version. Images with a side below 32 pixels are
/// reflected at their lower and right borders; every other size goes through as it is.
public struct FCDenseNet: SegmentationNetwork {
  /// Layers of the five dense blocks on the way down, and in mirrored order on the way up.
  public let layers: [Int]
  /// Layers of the dense block between.
  public let bottleneck: Int
  /// Channels that each layer adds.
  public let growth: Int
  /// Channels of the first convolution.
  public let width: Int
  /// Classes, the channels of the logits.
  public let classes: Int

  /// A network of given blocks; the paper's have width 48.
  public init(layers: [Int], bottleneck: Int, growth: Int, classes: Int, width: Int = 48) {
    (self.layers, self.bottleneck, self.growth) = (layers, bottleneck, growth)
    (self.classes, self.width) = (classes, width)
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.reflectionPadded(toAtLeast: 1 << layers.count).conv(width, kernel: 3, "firstconv")
    var skips: [Symbol] = []
    for (level, count) in layers.enumerated() {
      y = try denseBlock(y, count, joinsInput: true, Scope("denseBlocksDown") / level)
      skips.append(y)
      y = try layer(y, y.channels, kernel: 1, Scope("transDownBlocks") / level).maxPool(kernel: 2, stride: 2)
    }
    y = try denseBlock(y, bottleneck, joinsInput: false, Scope("bottleneck") / "bottleneck")
    for (level, count) in layers.reversed().enumerated() {
      let (skip, isLast) = (skips[layers.count - 1 - level], level == layers.count - 1)
      let name = Scope("transUpBlocks") / level / "convTrans"
      // A kernel of 3 at stride 2 gives 2h + 1 rows: one more than an even skip connection has.
      let up = try y.transposedConv(y.channels, kernel: 3, stride: 2, name).cropped(like: skip)
      y = try denseBlock(
        up.concatenated(with: skip), count, joinsInput: isLast, Scope("denseBlocksUp") / level)
    }
    return try y.conv(classes, kernel: 1, "finalConv").cropped(like: image)
  }

  /// What the layers of a block add, behind its input if that is asked for; each layer reads the input and what those
  /// before it have added.
  private func denseBlock(
    _ x: Symbol, _ count: Int, joinsInput: Bool, _ s: Scope
  ) throws(GraphError) -> Symbol {
    var (y, added) = (x, [Symbol]())
    for index in 0..<count {
      added.append(try layer(y, growth, kernel: 3, s / "layers" / index))
      if joinsInput || index < count - 1 { y = try y.concatenated(with: added[index]) }
    }
    return joinsInput ? y : try added[0].concatenated(with: Array(added.dropFirst()))
  }

  /// Batch norm, ReLU, a convolution and dropout.
  private func layer(_ x: Symbol, _ channels: Int, kernel: Pair, _ s: Scope) throws(GraphError) -> Symbol {
    try x.batchNorm(s / "norm").relu().conv(channels, kernel: kernel, s / "conv").dropout(0.2)
  }
}

extension FCDenseNet {
  /// The networks of the paper, by their numbers of layers.
  public enum Variant: String, CaseIterable, Sendable {
    case fcDenseNet56 = "fc_densenet56"
    case fcDenseNet67 = "fc_densenet67"
    case fcDenseNet103 = "fc_densenet103"
  }

  /// A network of the paper, of other growth and width if given.
  public init(_ variant: Variant, classes: Int, growth: Int? = nil, width: Int = 48) {
    let (layers, bottleneck, paperGrowth) =
      switch variant {
      case .fcDenseNet56: ([4, 4, 4, 4, 4], 4, 12)
      case .fcDenseNet67: ([5, 5, 5, 5, 5], 5, 16)
      case .fcDenseNet103: ([4, 5, 7, 10, 12], 15, 16)
      }
    self.init(
      layers: layers, bottleneck: bottleneck, growth: growth ?? paperGrowth, classes: classes, width: width)
  }

  /// The paper's growth of a network.
  public static func growth(of variant: Variant) -> Int { FCDenseNet(variant, classes: 1).growth }
}
