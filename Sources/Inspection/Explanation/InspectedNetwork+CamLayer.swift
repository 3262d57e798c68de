import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// The layer that Grad-CAM weighs when nobody names one: of a classifier the last of those with the coarsest map of
  /// more than one pixel that the logits see the image through alone; of a network that gives every pixel a class, the
  /// features that scores of the classes are made of, the deepest where several layers make scores.
  ///
  /// - Throws: `InspectionError.noMap` for a network without a map.
  public func camLayer(for input: Shape) throws(InspectionError) -> Int {
    let shapes = try shapes(for: input)
    let output = outputLayer
    let candidates = graph.nodes.indices.filter { index in
      shapes[index].height * shapes[index].width > 1 && graph.nodes[index].name != self.input
        && index != output && gradientFlows(from: index, to: output)
    }
    if shapes[output].height * shapes[output].width > 1, let features = features(shapes),
      candidates.contains(features)
    {
      return features
    }
    let coarsest = candidates.map { shapes[$0].height * shapes[$0].width }.min()
    let layers = candidates.filter { shapes[$0].height * shapes[$0].width == coarsest }
    guard let layer = layers.last(where: { isPassed($0, from: output) }) ?? layers.last else {
      throw .noMap(
        layer: graph.nodes[output].name, height: shapes[output].height, width: shapes[output].width)
    }
    return layer
  }

  /// What the layers read that make scores of the classes, which later ones only enlarge and add up; of several the one
  /// behind the most layers with weights.
  private func features(_ shapes: [Shape]) -> Int? {
    let nodes = graph.nodes
    var isScore = [Bool](repeating: false, count: nodes.count)
    isScore[outputLayer] = true
    var sources: [Int] = []
    for (index, node) in nodes.enumerated().reversed() where isScore[index] {
      guard let input = node.inputs.first?.node else { continue }
      let enlarges =
        node.operation is TransposedConvolution && shapes[input].channels == shapes[index].channels
      if Self.isConvolution(node.operation) && !enlarges {
        sources.append(input)
      } else {
        for source in seen(by: index) { isScore[source] = true }
      }
    }
    let depths = depths
    guard var source = sources.max(by: { (depths[$0], $0) < (depths[$1], $1) }) else { return nil }
    while nodes[source].operation is Resize2D
      || (nodes[source].operation as? ActivationLayer)?.activation == .identity,
      let before = nodes[source].inputs.first?.node
    {
      source = before
    }
    return source
  }

  /// How many layers with weights each layer has behind it, itself among them, along the longest way.
  private var depths: [Int] {
    var depths = [Int](repeating: 0, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      let before = seen(by: index).map { depths[$0] }.max() ?? 0
      depths[index] = before + (Self.isConvolution(node.operation) || node.operation is Dense ? 1 : 0)
    }
    return depths
  }

  /// Whether every way from a layer back to the image passes another one.
  private func isPassed(_ layer: Int, from output: Int) -> Bool {
    var reaches = [Bool](repeating: false, count: graph.nodes.count)
    reaches[output] = true
    for index in graph.nodes.indices.reversed() where reaches[index] && index != layer {
      for source in seen(by: index) { reaches[source] = true }
    }
    return !graph.inputs.contains { reaches[$0] }
  }
}
