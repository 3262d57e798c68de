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

  /// What the two poolings take of each window of 2×2.
  public let pooling: Pooling

  /// A way to pool; the number is the architecture's argument.
  public enum Pooling: Int, Sendable, CaseIterable {
    /// The mean.
    case average
    /// The largest.
    case max
    /// The L2 norm (Sermanet, Chintala and LeCun 2012, arXiv:1204.3968).
    case norm
    /// One drawn by its value (Zeiler and Fergus 2013, arXiv:1301.3557); tanh's values below 0 are never drawn.
    case stochastic
  }

  /// A LeNet-5; the paper's has 10 classes.
  public init(classes: Int = 10, pooling: Pooling = .average) {
    (self.classes, self.pooling) = (classes, pooling)
  }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try image.conv(6, kernel: 5, padding: 0, "conv1").activation(.tanh)
    y = try pooled(pooled(y).conv(16, kernel: 5, padding: 0, "conv2").activation(.tanh))
    y = try y.dense(120, "fc1").activation(.tanh).dense(84, "fc2").activation(.tanh)
    return try y.dense(classes, "fc3")
  }

  private func pooled(_ x: Symbol) throws(GraphError) -> Symbol {
    switch pooling {
    case .average: try x.averagePool(kernel: 2)
    case .max: try x.maxPool(kernel: 2, stride: 2)
    case .norm: try x.lpPool(power: 2, kernel: 2)
    case .stochastic: try x.stochasticPool(kernel: 2)
    }
  }
}
