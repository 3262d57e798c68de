import Backbones
import Graphs
import Layers

/// A U-Net on any backbone, as segmentation_models.pytorch builds it (Ronneberger et al. 2015, arXiv:1505.04597, with a
/// pretrained encoder).
///
/// Each decoder block enlarges by nearest pixels to the size of its skip connection, joins that behind it, and runs two
/// 3×3 convolutions. Names are segmentation_models.pytorch's: `encoder.`, `decoder.blocks.0.conv1.0.weight`,
/// `segmentation_head.0.weight`. Images with a side below 32 pixels are reflected at their lower and right borders;
/// every other size goes through as it is, as there.
public struct EncoderUNet: SegmentationNetwork {
  /// What gives the features.
  public let encoder: any Backbone
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of the last decoder block; each before has twice as many.
  public let decoderWidth: Int
  /// Whether two convolutions stand before the decoder's blocks, as segmentation_models.pytorch has them for VGG.
  public let hasCenter: Bool

  /// A U-Net; segmentation_models.pytorch's has a decoder of width 16.
  public init(_ encoder: any Backbone, classes: Int, decoderWidth: Int = 16) {
    (self.encoder, self.classes, self.decoderWidth) = (encoder, classes, decoderWidth)
    hasCenter = encoder is VGG
  }

  /// The encoder.
  public var transfer: BackboneTransfer? {
    BackboneTransfer(prefix: "encoder.", fresh: ["decoder.", "segmentation_head."], head: encoder.headNames)
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let padded = try image.reflectionPadded(toAtLeast: 32)
    // The features at strides 2 to 32; VGG's at stride 1 is left aside.
    let features = try Array(encoder.features(padded, "encoder").suffix(5))
    var y = features[4]
    if hasCenter {
      y = try doubleConv(y, y.channels, Scope("decoder") / "center" / 0, Scope("decoder") / "center" / 1)
    }
    for block in 0..<5 {
      let s = Scope("decoder") / "blocks" / block
      if block < 4 {
        let skip = features[3 - block]
        y = try y.resized(like: skip, .nearest).concatenated(with: skip)
      } else {
        y = try y.resized(like: padded, .nearest)
      }
      y = try doubleConv(y, decoderWidth << (4 - block), s / "conv1", s / "conv2")
    }
    return try y.conv(classes, kernel: 3, Scope("segmentation_head") / 0).cropped(like: image)
  }

  /// Two 3×3 convolutions, each with batch norm and ReLU.
  private func doubleConv(
    _ x: Symbol, _ channels: Int, _ first: Scope, _ second: Scope
  ) throws(GraphError) -> Symbol {
    let y = try x.conv(channels, kernel: 3, bias: false, first / 0).batchNorm(first / 1).relu()
    return try y.conv(channels, kernel: 3, bias: false, second / 0).batchNorm(second / 1).relu()
  }
}
