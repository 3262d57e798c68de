import Graphs
import Layers

/// U-Net (Ronneberger, Fischer and Brox 2015, arXiv:1505.04597, figure 1), with padded convolutions and batch norm,
/// so that the logits have the size of the image.
///
/// Each level down halves the size and doubles the channels; each level up brings them back and joins the skip
/// connection of its level. An image whose size is no multiple of `2^depth` is reflected at its lower and right
/// borders until it is, and the logits are cropped back. Parameters are named as in milesial's Pytorch-UNet.
public struct UNet: SegmentationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of the first level.
  public let width: Int
  /// Levels below the first.
  public let depth: Int

  /// A U-Net; the paper's has width 64 and depth 4.
  public init(classes: Int, width: Int = 64, depth: Int = 4) {
    self.classes = classes
    self.width = width
    self.depth = depth
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let padded = try image.reflectionPadded(toMultipleOf: 1 << depth)
    var skips = [try doubleConv(padded, width, "inc")]
    for level in 1..<depth + 1 {
      let pooled = try skips[level - 1].maxPool(kernel: 2, stride: 2)
      skips.append(try doubleConv(pooled, width << level, Scope("down\(level)") / "maxpool_conv" / 1))
    }
    var y = skips[depth]
    for level in 1..<depth + 1 {
      let (name, channels) = (Scope("up\(level)"), width << (depth - level))
      let up = try y.transposedConv(channels, kernel: 2, stride: 2, name / "up")
      y = try doubleConv(skips[depth - level].concatenated(with: up), channels, name / "conv")
    }
    return try y.conv(classes, kernel: 1, Scope("outc") / "conv").cropped(like: image)
  }

  /// Two 3×3 convolutions, each with batch norm and ReLU.
  private func doubleConv(_ x: Symbol, _ channels: Int, _ name: Scope) throws(GraphError) -> Symbol {
    let s = name / "double_conv"
    let y = try x.conv(channels, kernel: 3, bias: false, s / 0).batchNorm(s / 1).relu()
    return try y.conv(channels, kernel: 3, bias: false, s / 3).batchNorm(s / 4).relu()
  }
}
