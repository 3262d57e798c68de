import Graphs
import Layers

/// SegNet (Badrinarayanan, Kendall and Cipolla 2017, arXiv:1511.00561, figure 2): VGG-16's convolutions, and a decoder
/// that mirrors them and unpools by the encoder's pooling indices.
///
/// The encoder has torchvision's names of VGG-16 with batch norm behind `encoder.`: `encoder.features.0.weight`. In the
/// decoder `decoder.conv4_2` and `decoder.bn4_2` mirror the encoder's second convolution of stage 4, as in the authors'
/// Caffe model; `decoder.conv1_1` gives the logits, without batch norm. Pooling rounds sizes up, as Caffe does, so that
/// every size comes back exactly.
public struct SegNet: SegmentationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of the first stage; each doubles them, up to eight times as many.
  public let width: Int

  /// Convolutions of each stage.
  private static let convolutions = [2, 2, 3, 3, 3]

  /// A SegNet; the paper's has width 64.
  public init(classes: Int, width: Int = 64) {
    (self.classes, self.width) = (classes, width)
  }

  /// The encoder, VGG-16's with batch norm or, as in the paper, without: its batch norm then changes nothing at first.
  public var transfer: BackboneTransfer? {
    BackboneTransfer(
      prefix: "encoder.", fresh: ["decoder."], head: ["classifier."],
      unfolded: VGG16Features.normalizedConvolutions)
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let features = Scope("encoder") / "features"
    var (y, place, poolings) = (image, 0, [(indices: Symbol, of: Symbol)]())
    for (stage, count) in Self.convolutions.enumerated() {
      for _ in 0..<count {
        y = try y.conv(channels(stage), kernel: 3, features / place).batchNorm(features / (place + 1)).relu()
        place += 3
      }
      let (pooled, indices) = try y.maxPoolWithIndices(kernel: 2, stride: 2, ceilMode: true)
      poolings.append((indices, y))
      (y, place) = (pooled, place + 1)
    }
    for (stage, count) in Self.convolutions.enumerated().reversed() {
      y = try y.unpooled(by: poolings[stage].indices, like: poolings[stage].of)
      for index in (1..<count + 1).reversed() {
        let s = (Scope("decoder") / "conv\(stage + 1)_\(index)", Scope("decoder") / "bn\(stage + 1)_\(index)")
        if stage == 0 && index == 1 { return try y.conv(classes, kernel: 3, s.0) }
        y = try y.conv(channels(index > 1 ? stage : stage - 1), kernel: 3, s.0).batchNorm(s.1).relu()
      }
    }
    return y
  }

  private func channels(_ stage: Int) -> Int { width << min(stage, 3) }
}
