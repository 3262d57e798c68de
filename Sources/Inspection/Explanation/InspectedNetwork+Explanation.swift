import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// Which pixels of an input `[1, H, W, C]` speak for a class.
  ///
  /// - Parameters:
  ///   - layer: the layer that Grad-CAM weighs; `camLayer` if `nil`. Other methods have none.
  ///   - patch: the side of occlusion's patches in pixels; an eighth of the shorter side if `nil`.
  ///   - progress: called with the runs done and all, by occlusion.
  /// - Throws: `InspectionError` for a layer without a map, a region beyond the output, or too little memory.
  public func explanation(
    of target: ExplanationTarget, for input: Tensor, by method: ExplanationMethod, layer: Int? = nil,
    patch: Int? = nil, pool: ThreadPool, budget: MemoryBudget = .standard,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(InspectionError) -> Explanation {
    switch method {
    case .gradCAM:
      return try GradCAM(self, input: input.shape, layer: layer, pool: pool, budget: budget).explanation(
        of: target, for: input)
    case .occlusion:
      return try occlusion(target, input, patch: patch, pool, budget, progress)
    case .deconvolution, .guidedBackpropagation:
      return try pixelGradient(target, input, method, pool, budget)
    }
  }

  /// Whether a gradient flows from one layer back to another: not through an input of which only the shape counts.
  func gradientFlows(from layer: Int, to output: Int) -> Bool {
    var reaches = [Bool](repeating: false, count: graph.nodes.count)
    reaches[output] = true
    for index in graph.nodes.indices.reversed() where reaches[index] {
      for source in seen(by: index) { reaches[source] = true }
    }
    return reaches[layer]
  }

  /// The layers whose activations a layer reads: neither their sizes alone nor their pooling indices.
  func seen(by index: Int) -> [Int] {
    let node = graph.nodes[index]
    return node.inputs.enumerated().filter { $1.output == 0 && node.operation.sees(input: $0) }.map(\.1.node)
  }

  /// The layer that gives the logits.
  var outputLayer: Int { graph.outputs.first?.node ?? 0 }

  /// Throws unless logits are numbers.
  func check(_ logits: Tensor) throws(InspectionError) {
    guard logits.withUnsafeElements({ $0.allSatisfy(\.isFinite) }) else {
      throw .notFinite(model: name, layer: graph.nodes[outputLayer].name)
    }
  }

  /// The size of the pixels' gradient, the largest of its colours, by the method's rule for ReLUs.
  private func pixelGradient(
    _ target: ExplanationTarget, _ input: Tensor, _ method: ExplanationMethod, _ pool: ThreadPool,
    _ budget: MemoryBudget
  ) throws(InspectionError) -> Explanation {
    let image = graph.inputs.first ?? 0
    let run = try GradientRun(
      self, input: input.shape, layer: outputLayer, taps: [image], rule: method.rule, pool: pool,
      budget: budget)
    let logits = try run.forward(input)
    try check(logits)
    let pixels = try target.pixels(of: logits)
    try run.backward(weights: target.weights(for: pixels, shape: logits.shape))
    let gradient = run.gradient(ofTap: 0)
    guard gradient.withUnsafeElements({ $0.allSatisfy(\.isFinite) }) else {
      throw .notFinite(model: name, layer: self.input)
    }
    let shape = gradient.shape
    let values = gradient.withUnsafeElements { elements in
      (0..<shape.height * shape.width).map { pixel in
        (0..<shape.channels).reduce(Float(0)) { max($0, abs(elements[pixel * shape.channels + $1])) }
      }
    }
    return Explanation(
      method: method, layer: nil, classIndex: target.classIndex,
      map: ValueMap(rows: shape.height, columns: shape.width, values: values), grid: .pixels,
      gradient: gradient,
      region: pixels, score: target.mean(of: logits, over: pixels))
  }
}
