import TensorCore

/// How it is found out which pixels speak for a class.
public enum ExplanationMethod: String, Sendable, CaseIterable {
  /// The maps of a layer, each by what its mean gradient says it is worth (Selvaraju et al. 2017, arXiv:1610.02391; for
  /// a region of a segmentation Vinogradova et al. 2020, arXiv:2002.11434).
  case gradCAM = "grad-cam"
  /// How much less of the class there is when a patch is covered (Zeiler and Fergus 2014, arXiv:1311.2901, section 4.2).
  case occlusion
  /// The gradient of the pixels, where ReLUs pass what is positive in it (the same, section 2.1).
  case deconvolution
  /// The gradient of the pixels, where ReLUs pass what is positive in it and in the activation (Springenberg et al. 2015,
  /// arXiv:1412.6806).
  case guidedBackpropagation = "guided-backpropagation"

  /// What ReLUs pass back.
  var rule: RectifierRule {
    switch self {
    case .gradCAM, .occlusion: .derivative
    case .deconvolution: .deconvolution
    case .guidedBackpropagation: .guided
    }
  }
}

/// Which pixels of a picture speak for a class.
public struct Explanation: Sendable {
  /// How it was found.
  public let method: ExplanationMethod
  /// The layer whose maps were weighed, of Grad-CAM.
  public let layer: String?
  /// The class's index.
  public let classIndex: Int
  /// The evidence, at its own resolution; 0 and more, but for occlusion, where less than 0 speaks against the class.
  public let map: ValueMap
  /// Where the map's elements lie in the picture; of a network that pads it, some lie outside.
  public let grid: MapGrid
  /// The signed gradient of the normalised pixels, `[1, H, W, C]`, of methods that find it.
  public let gradient: Tensor?
  /// The pixels of the output that were explained, rows from the top; one for a classifier.
  public let region: [Bool]
  /// The class's mean logit in the region; of occlusion its mean probability.
  public let score: Double

  /// What was found.
  public init(
    method: ExplanationMethod, layer: String?, classIndex: Int, map: ValueMap, grid: MapGrid,
    gradient: Tensor?, region: [Bool], score: Double
  ) {
    (self.method, self.layer, self.classIndex) = (method, layer, classIndex)
    (self.map, self.grid) = (map, grid)
    (self.gradient, self.region, self.score) = (gradient, region, score)
  }

  /// The evidence for each pixel of a picture of that size.
  public func evidence(height: Int, width: Int) -> ValueMap {
    map.placed(by: grid, height: height, width: width)
  }

  /// The pixel with the most evidence in a picture of that size, the first of equal ones; `nil` where nothing speaks for
  /// the class.
  public func peak(height: Int, width: Int) -> (row: Int, column: Int)? {
    let evidence = evidence(height: height, width: width)
    return evidence.range.highest > 0 ? evidence.peak : nil
  }
}
