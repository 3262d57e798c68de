import Graphs
import Layers

/// SegNet-Basic (Badrinarayanan, Kendall and Cipolla 2017, arXiv:1511.00561, section 3.2): four encoders and four
/// decoders of one 7×7 convolution each, all of the same width.
///
/// Convolutions have no bias and the decoder has no ReLU, as there. Names are `encoder.0.conv`, `encoder.0.bn` and so on;
/// decoders count in the order in which they run, and `classifier` gives the logits.
public struct SegNetBasic: SegmentationNetwork {
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Channels of every layer.
  public let width: Int

  /// A small SegNet; the paper's has width 64.
  public init(classes: Int, width: Int = 64) {
    (self.classes, self.width) = (classes, width)
  }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var (y, poolings) = (image, [(indices: Symbol, of: Symbol)]())
    for level in 0..<4 {
      y = try conv(y, Scope("encoder") / level).relu()
      let (pooled, indices) = try y.maxPoolWithIndices(kernel: 2, stride: 2, ceilMode: true)
      poolings.append((indices, y))
      y = pooled
    }
    for (level, pooling) in poolings.reversed().enumerated() {
      y = try conv(y.unpooled(by: pooling.indices, like: pooling.of), Scope("decoder") / level)
    }
    return try y.conv(classes, kernel: 1, "classifier")
  }

  private func conv(_ x: Symbol, _ s: Scope) throws(GraphError) -> Symbol {
    try x.conv(width, kernel: 7, bias: false, s / "conv").batchNorm(s / "bn")
  }
}
