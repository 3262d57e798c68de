import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// Which pixels of an input `[1, H, W, C]` speak for a class.
  ///
  /// - Parameters:
  ///   - layer: the layer that Grad-CAM weighs; `camLayer` if `nil`. Other methods have none.
  ///   - patch: the side of occlusion's patches in pixels; an eighth of the shorter side if `nil`.
  ///   - progress: called with the patches done and all, by occlusion.
  /// - Throws: `InspectionError` for a layer without a map, a region beyond the output, or too little memory.
  public func explanation(
    of target: ExplanationTarget, for input: Tensor, by method: ExplanationMethod, layer: Int? = nil,
    patch: Int? = nil, pool: ThreadPool, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(InspectionError) -> Explanation {
    switch method {
    case .gradCAM:
      return try GradCAM(self, input: input.shape, layer: layer, pool: pool).explanation(
        of: target, for: input)
    case .occlusion:
      return try occlusion(target, input, patch: patch, pool, progress)
    case .deconvolution, .guidedBackpropagation:
      return try pixelGradient(target, input, method, pool)
    }
  }

  /// The layer that Grad-CAM weighs when nobody names one: of a classifier the last of those with the coarsest map of
  /// more than one pixel; of a network that gives every pixel a class, the features that its last layer makes classes of.
  ///
  /// - Throws: `InspectionError.noMap` for a network without a map.
  public func camLayer(for input: Shape) throws(InspectionError) -> Int {
    let shapes = try shapes(for: input)
    let output = outputLayer
    let candidates = graph.nodes.indices.filter { index in
      shapes[index].height * shapes[index].width > 1 && graph.nodes[index].name != self.input
        && index != output && gradientFlows(from: index, to: output)
    }
    if shapes[output].height * shapes[output].width > 1,
      let features = features(shapes, classes: classes.count),
      candidates.contains(features)
    {
      return features
    }
    let coarsest = candidates.map { shapes[$0].height * shapes[$0].width }.min()
    guard let layer = candidates.last(where: { shapes[$0].height * shapes[$0].width == coarsest }) else {
      throw .noMap(
        layer: graph.nodes[output].name, height: shapes[output].height, width: shapes[output].width)
    }
    return layer
  }

  /// What the last layer with weights reads that does not merely enlarge scores of the classes.
  private func features(_ shapes: [Shape], classes: Int) -> Int? {
    let layer = graph.nodes.last { node in
      (node.operation is Convolution || node.operation is TransposedConvolution)
        && node.inputs.first.map { shapes[$0.node].channels != classes } == true
    }
    var source = layer?.inputs.first?.node
    while let place = source, graph.nodes[place].operation is Resize2D {
      source = graph.nodes[place].inputs.first?.node
    }
    return source
  }

  /// Whether a gradient flows from one layer back to another: not through an input of which only the shape counts.
  func gradientFlows(from layer: Int, to output: Int) -> Bool {
    var reaches = [Bool](repeating: false, count: graph.nodes.count)
    reaches[output] = true
    for (index, node) in graph.nodes.enumerated().reversed() where reaches[index] {
      for (place, value) in node.inputs.enumerated()
      where value.output == 0 && node.operation.sees(input: place) {
        reaches[value.node] = true
      }
    }
    return reaches[layer]
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
    _ target: ExplanationTarget, _ input: Tensor, _ method: ExplanationMethod, _ pool: ThreadPool
  ) throws(InspectionError) -> Explanation {
    let image = graph.inputs.first ?? 0
    let run = try GradientRun(
      self, input: input.shape, layer: outputLayer, taps: [image], rule: method.rule, pool: pool)
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
      map: ValueMap(rows: shape.height, columns: shape.width, values: values), gradient: gradient,
      region: pixels, score: target.mean(of: logits, over: pixels))
  }
}
