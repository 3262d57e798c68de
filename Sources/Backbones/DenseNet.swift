import Graphs
import Layers

/// Densely connected networks with bottlenecks and compression (Huang et al. 2017, arXiv:1608.06993, DenseNet-BC), with
/// torchvision's names.
///
/// Each layer reads all that its block has made so far and adds `growth` channels. Below an output stride of 32,
/// transitions stop pooling and the blocks behind them are dilated, as in DenseASPP (Yang et al. 2018).
public struct DenseNet: Backbone {
  /// Channels that each layer adds.
  public let growth: Int
  /// Layers of each block.
  public let layers: [Int]
  /// Channels of the stem.
  public let stem: Int
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Pixels of the image from one of the last activations to the next: 32, 16 or 8.
  public let outputStride: Int

  /// A DenseNet; the paper's have a stem of twice the growth.
  public init(growth: Int, layers: [Int], stem: Int, classes: Int = 1000, outputStride: Int = 32) {
    (self.growth, self.layers, self.stem) = (growth, layers, stem)
    (self.classes, self.outputStride) = (classes, outputStride)
  }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let stages = try features(image, "")
    return try stages[stages.count - 1].relu().globalAveragePool().dense(classes, "classifier")
  }

  /// The dense layer.
  public var headNames: [String] { ["classifier."] }
  /// All but the dense layer, of a network of the same blocks.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: headNames) }

  /// The stem's activation at stride 2, then those of each transition before its convolution at strides 4, 8 and 16,
  /// then `norm5` without an activation at 32; as segmentation_models.pytorch takes them.
  public func features(_ image: Symbol, _ scope: Scope) throws(GraphError) -> [Symbol] {
    var budget = try StrideBudget(outputStride, "densenet")
    let s = scope / "features"
    var y = try image.conv(stem, kernel: 7, stride: Pair(budget.halve()), bias: false, s / "conv0")
      .batchNorm(s / "norm0").relu()
    var stages = [y]
    y = try y.maxPool(kernel: 3, stride: Pair(budget.halve()), padding: 1)
    for (index, count) in layers.enumerated() {
      for layer in 1..<count + 1 {
        let name = s / "denseblock\(index + 1)" / "denselayer\(layer)"
        y = try y.concatenated(with: denseLayer(y, dilation: Pair(budget.dilation), name))
      }
      if index == layers.count - 1 {
        stages.append(try y.batchNorm(s / "norm\(layers.count + 1)"))
      } else {
        let t = s / "transition\(index + 1)"
        let normalized = try y.batchNorm(t / "norm").relu()
        stages.append(normalized)
        y = try normalized.conv(y.channels / 2, kernel: 1, bias: false, t / "conv")
        if budget.halve() == 2 { y = try y.averagePool(kernel: 2) }
      }
    }
    return stages
  }

  /// The channels that a layer adds.
  private func denseLayer(_ x: Symbol, dilation: Pair, _ s: Scope) throws(GraphError) -> Symbol {
    let y = try x.batchNorm(s / "norm1").relu().conv(4 * growth, kernel: 1, bias: false, s / "conv1")
    return try y.batchNorm(s / "norm2").relu()
      .conv(growth, kernel: 3, dilation: dilation, bias: false, s / "conv2")
  }
}

extension DenseNet {
  /// The networks of the paper's table 1, and the wider 161.
  public enum Variant: String, CaseIterable, Sendable {
    case densenet121, densenet161, densenet169, densenet201
  }

  /// A network of the paper.
  public init(_ variant: Variant, classes: Int = 1000, outputStride: Int = 32) {
    let (growth, layers) =
      switch variant {
      case .densenet121: (32, [6, 12, 24, 16])
      case .densenet161: (48, [6, 12, 36, 24])
      case .densenet169: (32, [6, 12, 32, 32])
      case .densenet201: (32, [6, 12, 48, 32])
      }
    self.init(
      growth: growth, layers: layers, stem: 2 * growth, classes: classes, outputStride: outputStride)
  }
}
