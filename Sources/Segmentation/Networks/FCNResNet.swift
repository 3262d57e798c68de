import Backbones
import Graphs
import Layers

/// torchvision's FCN (Long et al. 2015, arXiv:1411.4038) on a residual network of output stride 8, whose scores are
/// interpolated to the image's size.
///
/// Names are torchvision's: `backbone.`, `classifier.` and `aux_classifier.`. The auxiliary head reads the third stage
/// and counts half in training; inference leaves it out.
public struct FCNResNet: SegmentationNetwork {
  /// What gives the features; its output stride is 8.
  public let backbone: ResNet
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Whether there is an auxiliary head.
  public let hasAuxiliary: Bool

  /// The weight of the auxiliary loss in torchvision's training script.
  private static let auxiliaryWeight: Float = 0.5

  /// An FCN on the variant's residual network; the paper's networks have width 64.
  public init(_ variant: ResNet.Variant, classes: Int, width: Int = 64, hasAuxiliary: Bool = true) {
    let network = ResNet(variant)
    backbone = ResNet(network.block, blocks: network.blocks, width: width, outputStride: 8)
    (self.classes, self.hasAuxiliary) = (classes, hasAuxiliary)
  }

  /// The residual network.
  public var transfer: BackboneTransfer? {
    BackboneTransfer(
      prefix: "backbone.", fresh: ["classifier.", "aux_classifier."], head: backbone.headNames)
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    try head(backbone.features(image, "backbone")[4], "classifier", like: image)
  }

  /// The logits, and those of the auxiliary head.
  public func outputs(_ image: Symbol) throws(GraphError) -> [Symbol] {
    guard hasAuxiliary else { return [try self(image)] }
    let features = try backbone.features(image, "backbone")
    let logits = try head(features[4], "classifier", like: image)
    let auxiliary = try head(features[3], "aux_classifier", like: image)
    return [logits, try auxiliary.auxiliary(weight: Self.auxiliaryWeight)]
  }

  /// A 3×3 convolution to a fourth of the channels, and the scores.
  private func head(_ x: Symbol, _ s: Scope, like image: Symbol) throws(GraphError) -> Symbol {
    let y = try x.conv(max(1, x.channels / 4), kernel: 3, bias: false, s / 0).batchNorm(s / 1).relu()
    return try y.dropout(0.1).conv(classes, kernel: 1, s / 4).resized(like: image, .bilinear)
  }
}
