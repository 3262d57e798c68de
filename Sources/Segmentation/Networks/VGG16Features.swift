import Backbones
import Convolutionalization
import Graphs
import Layers

/// VGG-16 made fully convolutional, as FCN and the dilated networks use it.
///
/// Names are torchvision's: `features.N`, and `classifier.0` and `classifier.3` for the layers that the papers call fc6
/// and fc7. Their weights are the classifier's in another shape: `[4096, 25088]` is `[4096, 512, 7, 7]`.
struct VGG16Features {
  /// Channels of the first stage; 64 in the paper.
  let width: Int
  /// Pixels from an output to the next: 32, or 8 with the last two poolings left out and dilation in their place.
  let outputStride: Int

  private static let convolutions = [2, 2, 3, 3, 3]

  /// The convolutions of VGG-16 with batch norm, each with its name in the one without.
  static let normalizedConvolutions: [BackboneTransfer.FoldedBatchNorm] = {
    var (pairs, plain, normalized) = ([BackboneTransfer.FoldedBatchNorm](), 0, 0)
    for count in convolutions {
      for _ in 0..<count {
        pairs.append(
          .init(
            convolution: "features.\(normalized)", norm: "features.\(normalized + 1)",
            target: "features.\(plain)"))
        (plain, normalized) = (plain + 2, normalized + 3)
      }
      (plain, normalized) = (plain + 1, normalized + 1)
    }
    return pairs
  }()

  /// A VGG-16 with or without batch norm; only what stands behind its last hidden layer, `classifier.6`, has no place.
  static func transfer(fresh: [String]) -> BackboneTransfer {
    BackboneTransfer(
      fresh: fresh, head: ["classifier.6."], reshaped: ["classifier.0.weight", "classifier.3.weight"],
      folded: normalizedConvolutions)
  }

  /// The classifier.
  private var classifier: VGG {
    VGG(
      convolutions: Self.convolutions, batchNorm: false, width: width, hidden: 64 * width,
      outputStride: outputStride)
  }

  /// The stages' activations as `VGG.features` gives them.
  func stages(_ image: Symbol) throws(GraphError) -> [Symbol] { try classifier.features(image, "") }

  /// The classifier's two hidden layers, slid over the features: a 7×7 convolution that keeps the size and a 1×1.
  func hidden(_ y: Symbol) throws(GraphError) -> Symbol {
    let classifier = classifier
    return try classifier.hiddenLayers(y) { y, size, name throws(GraphError) in
      // Where poolings were left out, what was next to each other lies that far apart.
      try y.slidingDense(
        classifier.hidden, over: size, dilation: size == 1 ? 1 : Pair(32 / outputStride), name)
    }
  }
}
