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
  /// Whether the decoder's lower levels have logits of their own in training.
  public let hasDeepSupervision: Bool

  /// A U-Net; the paper's has width 64 and depth 4.
  public init(classes: Int, width: Int = 64, depth: Int = 4, hasDeepSupervision: Bool = false) {
    (self.classes, self.width, self.depth) = (classes, width, depth)
    self.hasDeepSupervision = hasDeepSupervision
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    try logits(decoder(image)[0], like: image)
  }

  /// The logits, and those of the decoder's lower levels but the lowest, enlarged to the image: a 1×1 convolution each
  /// (Lee et al. 2015, arXiv:1409.5185), whose loss counts by half the weight of the level above it (Isensee et al.
  /// 2021, nnU-Net).
  public func outputs(_ image: Symbol) throws(GraphError) -> [Symbol] {
    let levels = try decoder(image)
    var outputs = [try logits(levels[0], like: image)]
    guard hasDeepSupervision else { return outputs }
    for (level, features) in levels.enumerated().dropFirst() {
      let scores = try features.conv(classes, kernel: 1, Scope("deep_supervision") / level)
      let enlarged = try scores.resized(by: 1 << level, .bilinear).cropped(like: image)
      outputs.append(try enlarged.auxiliary(weight: 1 / Float(1 << level)))
    }
    return outputs
  }

  private func logits(_ features: Symbol, like image: Symbol) throws(GraphError) -> Symbol {
    try features.conv(classes, kernel: 1, Scope("outc") / "conv").cropped(like: image)
  }

  /// The features of each level up, that of the image's size first.
  private func decoder(_ image: Symbol) throws(GraphError) -> [Symbol] {
    let padded = try image.reflectionPadded(toMultipleOf: 1 << depth)
    var skips = [try doubleConv(padded, width, "inc")]
    for level in 1..<depth + 1 {
      let pooled = try skips[level - 1].maxPool(kernel: 2, stride: 2)
      skips.append(try doubleConv(pooled, width << level, Scope("down\(level)") / "maxpool_conv" / 1))
    }
    var (y, levels) = (skips[depth], [Symbol]())
    for level in 1..<depth + 1 {
      let (name, channels) = (Scope("up\(level)"), width << (depth - level))
      let up = try y.transposedConv(channels, kernel: 2, stride: 2, name / "up")
      y = try doubleConv(skips[depth - level].concatenated(with: up), channels, name / "conv")
      levels.insert(y, at: 0)
    }
    return levels
  }

  /// Two 3×3 convolutions, each with batch norm and ReLU.
  private func doubleConv(_ x: Symbol, _ channels: Int, _ name: Scope) throws(GraphError) -> Symbol {
    let s = name / "double_conv"
    let y = try x.conv(channels, kernel: 3, bias: false, s / 0).batchNorm(s / 1).relu()
    return try y.conv(channels, kernel: 3, bias: false, s / 3).batchNorm(s / 4).relu()
  }
}
