/// How the parameters of a trained classifier become those of a network that is built on it.
///
/// Every parameter of the network but the fresh ones has to be in the classifier's file, and every tensor of the file
/// but those of its head has to be in the network: a file of a deeper or shallower classifier is none of the network's.
public struct BackboneTransfer: Sendable, Equatable {
  /// A convolution with batch norm, whose parameters together make those of a convolution without.
  public struct FoldedBatchNorm: Sendable, Equatable {
    /// The scope of the classifier's convolution, such as `features.3`.
    public let convolution: String
    /// The scope of the batch norm behind it, such as `features.4`.
    public let norm: String
    /// The scope of the network's convolution, such as `features.2`.
    public let target: String

    /// A convolution and a batch norm that become the convolution `target`.
    public init(convolution: String, norm: String, target: String) {
      (self.convolution, self.norm, self.target) = (convolution, norm, target)
    }
  }

  /// What stands before the classifier's names in the network, such as `encoder.`; empty where they are the same.
  public let prefix: String
  /// How the names of the network's other parameters start, which stay as they are initialised.
  public let fresh: [String]
  /// How the names of those tensors of the classifier start that the network has not.
  public let head: [String]
  /// Weights of convolutions, by the network's names, that are dense layers in the classifier: `[O, C·H·W]` there and
  /// `[O, C, H, W]` here, in the same order.
  public let reshaped: [String]
  /// Convolutions of a variant of the classifier with batch norm, where the network has none.
  public let folded: [FoldedBatchNorm]
  /// The other way round: convolutions of the network with batch norm, by the names of the classifier's kind that has it
  /// too, where a variant of the classifier, in whose file they are `target`, has none.
  public let unfolded: [FoldedBatchNorm]

  /// A rule for a network; `head` is as `fresh` if a classifier takes the parameters of its own kind.
  public init(
    prefix: String = "", fresh: [String], head: [String]? = nil, reshaped: [String] = [],
    folded: [FoldedBatchNorm] = [], unfolded: [FoldedBatchNorm] = []
  ) {
    (self.prefix, self.fresh, self.head) = (prefix, fresh, head ?? fresh)
    (self.reshaped, self.folded, self.unfolded) = (reshaped, folded, unfolded)
  }
}
