import Graphs
import Layers
import TensorCore

extension Graph {
  /// The classifier as a fully convolutional network with the same parameters (Sermanet et al. 2014, "OverFeat",
  /// arXiv:1312.6229, §3.5; Long et al. 2015, arXiv:1411.4038, §3.1).
  ///
  /// At the training size it gives what the classifier gives. Over a larger image it slides at the network's stride:
  /// `[N, H', W', classes]`, a cell for each position. Each dense layer becomes a convolution as large as its input
  /// at the training size; a mean over the image becomes a mean over the features' training size at stride 1; an
  /// adaptive pooling whose output divides its input becomes a mean at stride 1 behind which the dense layer is
  /// dilated. Auxiliary logits are left out.
  ///
  /// - Parameter size: height and width of the training images in pixels; the nominal size by default.
  /// - Throws: `ConvolutionalizationError`.
  public func convolutionalized(at size: Pair? = nil) throws(ConvolutionalizationError) -> SlidingClassifier {
    let (graph, shapes, size) = try forSliding(at: size)
    var rewriting = Convolutionalization(shapes: shapes)
    for (index, node) in graph.nodes.enumerated() { try rewriting.add(node, at: index) }
    return try rewriting.finished(outputs: graph.outputs, size: size)
  }

  /// The graph of inference, with its shapes at the training size.
  private func forSliding(
    at size: Pair?
  ) throws(ConvolutionalizationError) -> (Graph, shapes: [[Shape]], size: Pair) {
    guard let first = inputs.first, let input = nodes[first].operation as? Input else {
      throw .graph(.notInOrder("input"))
    }
    let size = size ?? Pair(input.nominal.height, input.nominal.width)
    do throws(GraphError) {
      let graph = try forInference()
      let shape = input.nominal.with(height: size.height, width: size.width)
      return (graph, try graph.inferShapes([nodes[first].name: shape]), size)
    } catch {
      throw .graph(error)
    }
  }
}

/// A graph that is being rewritten.
private struct Convolutionalization {
  /// The shapes of the old graph's values at the training size.
  let shapes: [[Shape]]
  private var nodes: [Graph.Node] = []
  /// The new nodes that stand for the old ones.
  private var standIns: [Int] = []
  /// Pixels of the input from one element of an old node to the next, at stride 1 of its own.
  private var strides: [Pair] = []
  /// Elements from one that a window reads to the next: 1 but for what an adaptive pooling gives.
  private var spreads: [Pair] = []
  private var weights: [String: Shape] = [:]

  init(shapes: [[Shape]]) { self.shapes = shapes }

  mutating func add(_ node: Graph.Node, at index: Int) throws(ConvolutionalizationError) {
    let source = node.inputs.first?.node
    let stride = source.map { strides[$0] } ?? 1
    let spread = source.map { spreads[$0] } ?? 1
    let input = node.inputs.first.map { shapes[$0] } ?? []
    switch node.operation {
    case let dense as Dense:
      let kernel = Pair(input.height, input.width)
      weights["\(node.name).weight"] = [dense.outputs, input.channels, input.height, input.width]
      keep(
        node,
        as: Convolution(sliding: dense, over: kernel, dilation: spread), stride)
    case is GlobalAveragePool2D:
      try expect(spread, node)
      keep(node, as: AveragePool2D(kernel: Pair(input.height, input.width), stride: 1), stride)
    case let pool as AdaptiveAveragePool2D:
      try expect(spread, node)
      let (output, found) = (pool.output, Pair(input.height, input.width))
      guard found.height % output.height == 0, found.width % output.width == 0 else {
        throw .unevenPooling(node: node.name, output: output, found: found)
      }
      let window = Pair(found.height / output.height, found.width / output.width)
      keep(node, as: AveragePool2D(kernel: window, stride: 1), stride, spread: window)
    case is ReflectionPad2D, is Crop2D, is Resize2D, is MaxUnpool2D, is TransposedConvolution:
      throw .operation(node: node.name, label: node.operation.label)
    default:
      if let window = node.operation.window(for: node.inputs.map { shapes[$0] }) {
        try expect(spread, node)
        keep(
          node, as: node.operation,
          Pair(stride.height * window.stride.height, stride.width * window.stride.width))
      } else {
        keep(node, as: node.operation, stride, spread: spread)
      }
    }
  }

  private func expect(_ spread: Pair, _ node: Graph.Node) throws(ConvolutionalizationError) {
    if spread != 1 { throw .spread(node: node.name, label: node.operation.label) }
  }

  private mutating func keep(
    _ node: Graph.Node, as operation: any Operator, _ stride: Pair, spread: Pair = 1
  ) {
    let inputs = node.inputs.map { Graph.Value(node: standIns[$0.node], output: $0.output) }
    strides.append(stride)
    spreads.append(spread)
    // A mean over single elements, as behind an adaptive pooling at its own size, is nothing.
    if let pool = operation as? AveragePool2D, pool.kernel == 1, pool.stride == 1 {
      standIns.append(inputs[0].node)
    } else {
      standIns.append(nodes.count)
      nodes.append(Graph.Node(name: node.name, operation: operation, inputs: inputs))
    }
  }

  func finished(
    outputs: [Graph.Value], size: Pair
  ) throws(ConvolutionalizationError) -> SlidingClassifier {
    do throws(GraphError) {
      let graph = try Graph(
        nodes: nodes,
        outputs: outputs.map { Graph.Value(node: standIns[$0.node], output: $0.output) })
      return SlidingClassifier(
        graph: graph, size: size, stride: outputs.first.map { strides[$0.node] } ?? 1, weights: weights)
    } catch {
      throw .graph(error)
    }
  }
}
