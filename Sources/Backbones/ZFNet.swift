import Graphs

/// ZFNet (Zeiler and Fergus 2014, arXiv:1311.2901, figure 3): AlexNet with smaller windows and strides in the first
/// layers and without groups. 62,357,608 parameters for 1000 classes.
///
/// For images of 224×224, with the paddings that give the paper's 110, 55, 26, 13 and 6; responses are normalised behind
/// the first two poolings with AlexNet's constants. Layers are called as in Caffe.
public struct ZFNet: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int

  /// The network; ImageNet has 1000 classes.
  public init(classes: Int = 1000) { self.classes = classes }

  /// All layers but the last.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: ["fc8."]) }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.conv(96, kernel: 7, stride: 2, padding: 1, "conv1").relu()
    y = try y.maxPool(kernel: 3, stride: 2, padding: 1).responseNormalized()
    y = try y.conv(256, kernel: 5, stride: 2, padding: 0, "conv2").relu()
    y = try y.maxPool(kernel: 3, stride: 2, padding: 1).responseNormalized()
    y = try y.conv(384, kernel: 3, "conv3").relu().conv(384, kernel: 3, "conv4").relu()
    y = try y.conv(256, kernel: 3, "conv5").relu().maxPool(kernel: 3, stride: 2)
    y = try y.dense(4096, "fc6").relu().dropout(0.5).dense(4096, "fc7").relu().dropout(0.5)
    return try y.dense(classes, "fc8")
  }
}
