/// An estimate of what Winograd's filtering costs, to choose the size of its tiles.
///
/// Costs are in cycles of one core and made of what was measured: a product of the register kernel takes 1/16 cycle
/// and a transformed element about half of one. Only their ratio matters.
enum WinogradCost {
  /// Cycles for each product, transformed element, and element of weights that is read from the third-level cache, and
  /// from memory where all of them are more than it holds.
  private static let product = 1.0 / 16
  private static let transformed = 0.45
  private static let weight = 0.3
  private static let distantWeight = 0.75
  private static let cachedWeights = 4 * 1024 * 1024
  /// Cycles for each product of direct convolution, whose tiles break at the end of each row.
  private static let direct = 1.0 / 14
  /// Depth that a tile of sums costs besides its products: its start, its end, and the writing of it.
  private static let depth = 4

  /// The fastest transform of a convolution; `nil` where direct convolution is faster.
  static func convolution(_ geometry: ConvolutionGeometry) -> WinogradTransform? {
    fastest(geometry, WinogradConvolution.transforms(of: geometry)) { tiles in
      tiles * (geometry.inputChannels + depth)
    }
  }

  /// The fastest transform for the gradient of a weight; `nil` where a product of patches is faster.
  static func weightGradient(_ geometry: ConvolutionGeometry) -> WinogradTransform? {
    fastest(geometry, WinogradConvolution.transforms(of: geometry).filter(\.hasWeightGradient)) { tiles in
      (tiles + depth) * geometry.inputChannels
    }
  }

  /// `rows` are the products of a tile's place and an output channel, for so many tiles.
  private static func fastest(
    _ geometry: ConvolutionGeometry, _ transforms: [WinogradTransform], rows: (_ tiles: Int) -> Int
  ) -> WinogradTransform? {
    guard !transforms.isEmpty else { return nil }
    let outputs = ChannelPanel.padded(geometry.outputChannels)
    // Transforms work on whole vectors.
    let vectors = (geometry.inputChannels + 15) / 16 * 16 + outputs
    func cost(_ transform: WinogradTransform) -> Double {
      let tiles = WinogradTiling(geometry, transform).count
      let weights = geometry.inputChannels * outputs
      // Memory is read while products run, and takes longer where tiles are few.
      let reading = weights * transform.products > cachedWeights ? Double(weights) * distantWeight : 0
      let multiplying = Double(rows(tiles) * outputs) * product + Double(weights) * Self.weight
      return Double(transform.products)
        * (max(multiplying, reading) + Double(tiles * vectors) * transformed)
    }
    let costs = transforms.map { ($0, cost($0)) }
    let products = geometry.outputPixels * geometry.patch * outputs
    guard let best = costs.min(by: { $0.1 < $1.1 }), best.1 < Double(products) * direct else { return nil }
    return best.0
  }
}
