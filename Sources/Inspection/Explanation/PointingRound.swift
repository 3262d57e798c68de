import Images
import TensorCore

/// A pointing game of Grad-CAM on one image after the other. It belongs to one thread at a time.
public struct PointingRound {
  /// What was counted.
  public private(set) var game: PointingGame

  private let network: InspectedNetwork
  private let layer: Int?
  private let region: ExplanationTarget.Region
  private let pool: ThreadPool
  /// Images of one size share a plan.
  private var planned: (shape: Shape, cam: GradCAM)?

  /// A round of no image yet.
  ///
  /// - Parameters:
  ///   - layer: the index of the layer whose maps are weighed; `camLayer` if `nil`.
  ///   - region: where classes are looked for.
  public init(
    _ network: InspectedNetwork, layer: Int? = nil, region: ExplanationTarget.Region = .predicted,
    pool: ThreadPool
  ) {
    (self.network, self.layer, self.region, self.pool) = (network, layer, region, pool)
    game = PointingGame(classes: network.classes.count)
  }

  /// Explains every class that the truth of an image shows.
  ///
  /// - Throws: `InspectionError` for a layer without a map, or too little memory.
  public mutating func add(_ picture: Raster, truth: Mask) throws(InspectionError) {
    let input = try network.tensor(of: picture)
    let cam: GradCAM
    if let planned, planned.shape == input.shape {
      cam = planned.cam
    } else {
      // The memory of the old plan is free before the new one takes its own.
      planned = nil
      cam = try GradCAM(network, input: input.shape, layer: layer, pool: pool)
      planned = (input.shape, cam)
    }
    for label in Set(truth.labels).sorted() where Int(label) < network.classes.count {
      let target = ExplanationTarget(class: Int(label), region: region)
      game.add(try cam.explanation(of: target, for: input), truth: truth)
    }
  }
}
