import TensorCore

/// Grad-CAM of one layer at one input size: `ReLU(Σ α_k A_k)`, where α_k is the mean of the gradient of the score over
/// map k (Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2).
public final class GradCAM {
  private let network: InspectedNetwork
  private let run: GradientRun
  private let layer: String
  private let shape: Shape
  private let grid: MapGrid

  /// Plans for inputs of a shape.
  ///
  /// - Parameter layer: the index of the layer whose maps are weighed; `camLayer` if `nil`.
  /// - Throws: `InspectionError.noMap` for a layer without a map, or one that the classes do not depend on.
  public init(
    _ network: InspectedNetwork, input: Shape, layer: Int? = nil, pool: ThreadPool,
    budget: MemoryBudget = .standard
  ) throws(InspectionError) {
    let chosen = if let layer { layer } else { try network.camLayer(for: input) }
    shape = try network.shapes(for: input)[chosen]
    self.layer = network.graph.nodes[chosen].name
    guard shape.height * shape.width > 1, network.gradientFlows(from: chosen, to: network.outputLayer) else {
      throw .noMap(layer: self.layer, height: shape.height, width: shape.width)
    }
    self.network = network
    grid = try network.grid(of: chosen, for: input)
    run = try GradientRun(
      network, input: input, layer: network.outputLayer, taps: [chosen], pool: pool, budget: budget)
  }

  /// What speaks for a class in an input of that shape.
  ///
  /// - Throws: `InspectionError.region` for a region beyond the output, `.notFinite` for logits that are no numbers.
  public func explanation(
    of target: ExplanationTarget, for input: Tensor
  ) throws(InspectionError) -> Explanation {
    let logits = try run.forward(input)
    try network.check(logits)
    let pixels = try target.pixels(of: logits)
    let activation = run.activation(ofTap: 0)
    try run.backward(weights: target.weights(for: pixels, shape: logits.shape))
    let (channels, count) = (shape.channels, shape.height * shape.width)
    var worths = [Double](repeating: 0, count: channels)
    run.gradient(ofTap: 0).withUnsafeElements { elements in
      for index in elements.indices { worths[index % channels] += Double(elements[index]) / Double(count) }
    }
    guard worths.allSatisfy(\.isFinite) else { throw .notFinite(model: network.name, layer: layer) }
    let values = activation.withUnsafeElements { elements in
      (0..<count).map { pixel -> Float in
        var sum = 0.0
        for channel in 0..<channels { sum += worths[channel] * Double(elements[pixel * channels + channel]) }
        return Float(max(0, sum))
      }
    }
    return Explanation(
      method: .gradCAM, layer: layer, classIndex: target.classIndex,
      map: ValueMap(rows: shape.height, columns: shape.width, values: values), grid: grid, gradient: nil,
      region: pixels, score: target.mean(of: logits, over: pixels))
  }
}
