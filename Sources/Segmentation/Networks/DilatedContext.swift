import Graphs
import Layers

/// The front end of Yu and Koltun with their context module behind it (2016, arXiv:1511.07122, section 3, table 1):
/// seven 3×3 convolutions whose dilation grows to 16, so that each score sees 67×67 others at full resolution, and a 1×1.
///
/// The module starts as the identity (equations 4 and 5) and only then learns. Its layers are `context.0` to
/// `context.7`.
public struct DilatedContext: SegmentationNetwork {
  /// How wide the module's layers are.
  public enum Module: Int, CaseIterable, Sendable {
    /// All as wide as there are classes.
    case basic
    /// Up to 32 times as wide as there are classes.
    case large

    /// Channels of each layer, in multiples of the classes.
    var widths: [Int] { self == .basic ? [1, 1, 1, 1, 1, 1, 1, 1] : [2, 2, 4, 8, 16, 32, 32, 1] }
  }

  /// What gives the scores.
  public let frontend: DilatedFrontend
  /// How wide the module's layers are.
  public let module: Module

  /// Pixels from a tap of each layer's window to the next.
  private static let dilations = [1, 1, 2, 4, 8, 16, 1, 1]
  /// The noise of the start, as a share of what it is added to; copies of a map would stay equal without any.
  private static let noise: Float = 0.001

  /// A front end and a context module behind it.
  public init(_ module: Module, frontend: DilatedFrontend) {
    (self.module, self.frontend) = (module, frontend)
  }

  /// VGG-16 of the front end, its hidden dense layers as convolutions.
  public var transfer: BackboneTransfer? { VGG16Features.transfer(fresh: ["score.", "context."]) }

  /// Logits `[N, H, W, classes]` of an image of any size.
  public func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    var y = try frontend.scores(image)
    let start = Initializer.identity(
      maps: frontend.classes, deviation: module == .basic ? 0 : Self.noise)
    for (layer, (width, dilation)) in zip(module.widths, Self.dilations).enumerated() {
      let isLast = layer == module.widths.count - 1
      y = try y.conv(
        width * frontend.classes, kernel: isLast ? 1 : 3, dilation: dilation, start: start,
        Scope("context") / layer)
      if !isLast { y = try y.relu() }
    }
    return try DilatedFrontend.enlarged(y, like: image)
  }
}
