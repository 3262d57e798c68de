import Graphs
import Layers

/// Very deep networks of 3×3 convolutions (Simonyan and Zisserman 2015, arXiv:1409.1556), with or without batch norm,
/// and with torchvision's names.
///
/// As there, what the last pooling gives is averaged to 7×7 before the dense layers, which lets images of any size
/// from 32×32 in and changes nothing at 224×224.
public struct VGG: Backbone {
  /// Convolutions of each of the five stages.
  public let convolutions: [Int]
  /// Whether batch norm follows each convolution.
  public let batchNorm: Bool
  /// Channels of the first stage; each doubles them, up to eight times as many.
  public let width: Int
  /// Channels of the hidden dense layers.
  public let hidden: Int
  /// Classes, the channels of the logits.
  public let classes: Int
  /// Pixels of the image from one of the last activations to the next: 32, 16 or 8.
  public let outputStride: Int

  /// A VGG network; the paper's have width 64 and 4096 hidden channels.
  public init(
    convolutions: [Int], batchNorm: Bool, width: Int = 64, hidden: Int = 4096, classes: Int = 1000,
    outputStride: Int = 32
  ) {
    (self.convolutions, self.batchNorm, self.width) = (convolutions, batchNorm, width)
    (self.hidden, self.classes, self.outputStride) = (hidden, classes, outputStride)
  }

  /// Logits `[N, 1, 1, classes]`.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let stages = try features(image, "")
    let y = try stages[stages.count - 1].adaptiveAveragePool(to: Self.side)
    return try hiddenLayers(y) { y, _, name throws(GraphError) in try y.dense(hidden, name) }
      .dense(classes, Scope("classifier") / 6)
  }

  /// Height and width of the features that the dense layers read.
  private static let side: Pair = 7

  /// The two hidden layers; `dense` puts one of that name behind a symbol, which has that height and width in the
  /// classifier.
  public func hiddenLayers(
    _ features: Symbol, _ dense: (Symbol, Pair, Scope) throws(GraphError) -> Symbol
  ) throws(GraphError) -> Symbol {
    let s = Scope("classifier")
    let y = try dense(features, Self.side, s / 0).relu().dropout(0.5)
    return try dense(y, 1, s / 3).relu().dropout(0.5)
  }

  /// The three dense layers.
  public var headNames: [String] { ["classifier."] }
  /// All but the last dense layer.
  public var transfer: BackboneTransfer? { BackboneTransfer(fresh: ["classifier.6."]) }

  /// The activation before each pooling at strides 1, 2, 4, 8 and 16, then the one behind the last at 32; as
  /// segmentation_models.pytorch takes them.
  ///
  /// Below an output stride of 32 the last poolings are left out and the convolutions behind them dilated.
  public func features(_ image: Symbol, _ scope: Scope) throws(GraphError) -> [Symbol] {
    var budget = try StrideBudget(outputStride, "vgg")
    var (stages, y, place) = ([Symbol](), image, 0)
    for (stage, count) in convolutions.enumerated() {
      for _ in 0..<count {
        let name = scope / "features"
        y = try y.conv(width << min(stage, 3), kernel: 3, dilation: Pair(budget.dilation), name / place)
        if batchNorm { y = try y.batchNorm(name / (place + 1)) }
        y = try y.relu()
        place += batchNorm ? 3 : 2
      }
      stages.append(y)
      if budget.halve() == 2 { y = try y.maxPool(kernel: 2, stride: 2) }
      place += 1
    }
    return stages + [y]
  }
}

extension VGG {
  /// The paper's configurations A, B, D and E, without and with batch norm.
  public enum Variant: String, CaseIterable, Sendable {
    case vgg11, vgg13, vgg16, vgg19
    case vgg11BatchNorm = "vgg11_bn"
    case vgg13BatchNorm = "vgg13_bn"
    case vgg16BatchNorm = "vgg16_bn"
    case vgg19BatchNorm = "vgg19_bn"
  }

  /// A network of the paper.
  public init(_ variant: Variant, classes: Int = 1000, outputStride: Int = 32) {
    let convolutions =
      switch variant {
      case .vgg11, .vgg11BatchNorm: [1, 1, 2, 2, 2]
      case .vgg13, .vgg13BatchNorm: [2, 2, 2, 2, 2]
      case .vgg16, .vgg16BatchNorm: [2, 2, 3, 3, 3]
      case .vgg19, .vgg19BatchNorm: [2, 2, 4, 4, 4]
      }
    self.init(
      convolutions: convolutions, batchNorm: variant.rawValue.hasSuffix("_bn"), classes: classes,
      outputStride: outputStride)
  }
}
