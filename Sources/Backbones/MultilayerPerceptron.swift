import Graphs

/// A multi-layer perceptron on all pixels of an image: two hidden layers of ReLUs with dropout (Srivastava et al. 2014,
/// JMLR 15, §6.1.1).
///
/// For MNIST's gray images of 28×28 with the standard layers, 784-512-256-10: 535,818 parameters.
public struct MultilayerPerceptron: ClassificationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Units of the hidden layers, the first layer first.
  public let hidden: [Int]
  /// Share of the hidden units that drop in training, in `0..<1`.
  public let dropout: Float

  /// A perceptron; layers are called `fc1`, `fc2` and so on.
  public init(classes: Int = 10, hidden: [Int] = [512, 256], dropout: Float = 0.2) {
    (self.classes, self.hidden, self.dropout) = (classes, hidden, dropout)
  }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = image
    for (index, units) in hidden.enumerated() {
      y = try y.dense(units, Scope("fc\(index + 1)")).relu().dropout(dropout)
    }
    return try y.dense(classes, Scope("fc\(hidden.count + 1)"))
  }
}
