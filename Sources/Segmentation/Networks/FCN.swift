import Graphs
import Layers

/// Fully convolutional networks (Long, Shelhamer and Darrell 2015, arXiv:1411.4038, figure 3) on VGG-16: scores at
/// stride 32, upsampled by transposed convolutions that start as bilinear interpolation, and joined with scores of
/// finer layers on the way.
///
/// Parts have the authors' names: `score_fr`, `score_pool4`, `score_pool3`, `upscore2`, `upscore_pool4` and, for the
/// last upsampling, `upscore` with its factor, `upscore8`. The encoder has torchvision's, see `VGG16Features`. Where
/// the authors pad the image by 100 pixels and cut borders off, all convolutions here keep the size; an image whose
/// size is no multiple of 32 is reflected at its lower and right borders until it is, and the logits are cropped back.
public struct FCN: SegmentationNetwork {
  /// Pixels from one of the scores that are upsampled at last to the next: 32, 16 or 8.
  public enum Stride: Int, CaseIterable, Sendable {
    /// The last layer's scores alone.
    case s32 = 32
    /// With those of the fourth pooling.
    case s16 = 16
    /// With those of the third pooling too.
    case s8 = 8
  }

  /// How fine the finest scores are.
  public let stride: Stride
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of VGG-16's first stage; the hidden layers have 64 times as many.
  public let width: Int

  /// An FCN; the paper's have width 64.
  public init(_ stride: Stride, classes: Int, width: Int = 64) {
    (self.stride, self.classes, self.width) = (stride, classes, width)
  }

  /// VGG-16, its hidden dense layers as convolutions.
  public var transfer: BackboneTransfer? { VGG16Features.transfer(fresh: ["score", "upscore"]) }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let vgg = VGG16Features(width: width, outputStride: 32)
    let stages = try vgg.stages(image.reflectionPadded(toMultipleOf: 32))
    var scores = try vgg.hidden(stages[5]).conv(classes, kernel: 1, "score_fr")
    if stride != .s32 { scores = try refined(scores, "upscore2", stages[3], "score_pool4") }
    if stride == .s8 { scores = try refined(scores, "upscore_pool4", stages[2], "score_pool3") }
    return try scores.bilinearTransposedConv(factor: stride.rawValue, Scope("upscore\(stride.rawValue)"))
      .cropped(like: image)
  }

  /// Scores at half the stride: upsampled, and those of a finer stage behind its pooling added, which start at 0.
  private func refined(
    _ scores: Symbol, _ upsampling: Scope, _ stage: Symbol, _ name: Scope
  ) throws(GraphError) -> Symbol {
    let finer = try stage.maxPool(kernel: 2, stride: 2).conv(classes, kernel: 1, start: .constant(0), name)
    return try scores.bilinearTransposedConv(factor: 2, upsampling).adding(finer)
  }
}
