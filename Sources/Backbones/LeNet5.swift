import Graphs

/// LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition",
/// Proceedings of the IEEE 86, figure 2), for gray images of 32×32.
///
/// As it is taught today: plain average pooling where the paper's has a factor and an offset for each map, every map of
/// the second convolution on all maps of the first, and a linear last layer in place of radial basis functions. 61,706
/// parameters for 10 classes.
public struct LeNet5: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int

  /// A LeNet-5; the paper's has 10 classes.
  public init(classes: Int = 10) { self.classes = classes }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.conv(6, kernel: 5, padding: 0, "conv1").activation(.tanh).averagePool(kernel: 2)
    y = try y.conv(16, kernel: 5, padding: 0, "conv2").activation(.tanh).averagePool(kernel: 2)
    y = try y.dense(120, "fc1").activation(.tanh).dense(84, "fc2").activation(.tanh)
    return try y.dense(classes, "fc3")
  }
}
