import Graphs
import Layers

/// The front end of Yu and Koltun (2016, arXiv:1511.07122, section 4): VGG-16 without its last two poolings, with
/// dilation 2 and 4 behind them, and scores at stride 8.
///
/// Names are torchvision's VGG-16's, see `VGG16Features`, and `score`. Where the authors use convolutions without
/// padding on a reflected border of 186 pixels, all convolutions here keep the size; an image whose size is no multiple
/// of 8 is reflected at its lower and right borders until it is. Scores are interpolated to the image's size.
public struct DilatedFrontend: SegmentationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of VGG-16's first stage; the hidden layers have 64 times as many.
  public let width: Int

  /// A front end; the paper's has width 64.
  public init(classes: Int, width: Int = 64) {
    (self.classes, self.width) = (classes, width)
  }

  /// VGG-16, its hidden dense layers as convolutions.
  public var transfer: BackboneTransfer? { VGG16Features.transfer(fresh: ["score."]) }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    try Self.enlarged(scores(image), like: image)
  }

  /// Logits at stride 8, of the image reflected to a multiple of 8.
  func scores(_ image: Symbol) throws(GraphError) -> Symbol {
    let vgg = VGG16Features(width: width, outputStride: 8)
    let stages = try vgg.stages(image.reflectionPadded(toMultipleOf: 8))
    return try vgg.hidden(stages[5]).conv(classes, kernel: 1, "score")
  }

  /// Scores at stride 8, interpolated to the size of the image.
  static func enlarged(_ scores: Symbol, like image: Symbol) throws(GraphError) -> Symbol {
    try scores.resized(by: 8, .bilinear).cropped(like: image)
  }
}
