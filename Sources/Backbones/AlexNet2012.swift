import Graphs

/// The network that won ILSVRC 2012 (Krizhevsky, Sutskever and Hinton 2012, "ImageNet classification with deep
/// convolutional neural networks", figure 2): 60,965,224 parameters for 1000 classes.
///
/// Half of the maps of the second, fourth and fifth convolution see half of those before them, as each lay on a graphics
/// card of its own. Responses are normalised before the first two poolings, whose windows overlap. The paper's images
/// of 224×224 give its 55×55 maps only at 227×227. Layers are called as in Caffe.
public struct AlexNet2012: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int

  /// The network; ImageNet has 1000 classes.
  public init(classes: Int = 1000) { self.classes = classes }

  /// All layers but the last.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: ["fc8."]) }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.conv(96, kernel: 11, stride: 4, padding: 0, "conv1").relu()
    y = try y.responseNormalized().maxPool(kernel: 3, stride: 2)
    y = try y.conv(256, kernel: 5, groups: 2, "conv2").relu()
    y = try y.responseNormalized().maxPool(kernel: 3, stride: 2)
    y = try y.conv(384, kernel: 3, "conv3").relu().conv(384, kernel: 3, groups: 2, "conv4").relu()
    y = try y.conv(256, kernel: 3, groups: 2, "conv5").relu().maxPool(kernel: 3, stride: 2)
    y = try y.dense(4096, "fc6").relu().dropout(0.5).dense(4096, "fc7").relu().dropout(0.5)
    return try y.dense(classes, "fc8")
  }
}

extension Symbol {
  /// Normalised as in the paper's §3.3: k = 2, n = 5, α = 1e-4 for each square, β = 0.75.
  func responseNormalized() throws(GraphError) -> Symbol {
    try localResponseNorm(size: 5, alpha: 5e-4, beta: 0.75, k: 2)
  }
}
