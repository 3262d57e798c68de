import Graphs

/// The AlexNet of Caffe's reference model (Jia et al. 2014, arXiv:1408.5093, `bvlc_reference_caffenet`): 60,965,224
/// parameters for 1000 classes.
///
/// It pools before it normalises, and its normalisation has k = 1 and takes α as a share of the mean square. For images
/// of 227×227; layers are called as in Caffe.
public struct CaffeNet: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int

  /// The network; ImageNet has 1000 classes.
  public init(classes: Int = 1000) { self.classes = classes }

  /// All layers but the last.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: ["fc8."]) }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.conv(96, kernel: 11, stride: 4, padding: 0, "conv1").relu()
    y = try y.maxPool(kernel: 3, stride: 2).localResponseNorm(size: 5)
    y = try y.conv(256, kernel: 5, groups: 2, "conv2").relu()
    y = try y.maxPool(kernel: 3, stride: 2).localResponseNorm(size: 5)
    y = try y.conv(384, kernel: 3, "conv3").relu().conv(384, kernel: 3, groups: 2, "conv4").relu()
    y = try y.conv(256, kernel: 3, groups: 2, "conv5").relu().maxPool(kernel: 3, stride: 2)
    y = try y.dense(4096, "fc6").relu().dropout(0.5).dense(4096, "fc7").relu().dropout(0.5)
    return try y.dense(classes, "fc8")
  }
}
