import Graphs

/// AlexNet in the version of Krizhevsky 2014 ("One weird trick for parallelizing convolutional neural networks",
/// arXiv:1404.5997), as torchvision has it: 61,100,840 parameters for 1000 classes.
///
/// For images of 224×224, whose features are 6×6; those of another size are pooled to 6×6 by means, as there. Images
/// of less than 63 pixels a side have no features.
public struct AlexNet: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int

  /// An AlexNet; ImageNet has 1000 classes.
  public init(classes: Int = 1000) { self.classes = classes }

  /// All but the last dense layer.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: ["classifier.6."]) }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let s = Scope("features")
    var y = try image.conv(64, kernel: 11, stride: 4, padding: 2, s / 0).relu().maxPool(kernel: 3, stride: 2)
    y = try y.conv(192, kernel: 5, s / 3).relu().maxPool(kernel: 3, stride: 2)
    y = try y.conv(384, kernel: 3, s / 6).relu().conv(256, kernel: 3, s / 8).relu()
    y = try y.conv(256, kernel: 3, s / 10).relu().maxPool(kernel: 3, stride: 2).adaptiveAveragePool(to: 6)
    let head = Scope("classifier")
    y = try y.dropout(0.5).dense(4096, head / 1).relu()
    return try y.dropout(0.5).dense(4096, head / 4).relu().dense(classes, head / 6)
  }
}
