import Foundation
import Graphs
import Layers
import TensorCore

/// A network made so that the gradient of an output shows which pixels of the image it depends on.
///
/// Kernels, strides, paddings and dilations are those of the network. All layers have one channel and positive weights,
/// so that no two gradients cancel; what works on single pixels is left out, so that none dies. The gradient of a maximum
/// goes to one pixel of its window: a mean stands in its place. Unpooling puts a value in one pixel of its window: in
/// its place the value stands in all of them.
struct GradientProbe {
  private let nodes: [Graph.Node]
  private let output: Graph.Value
  /// Channels of the image.
  let channels: Int

  /// A probe of the first output of a graph with one input.
  init(_ graph: Graph) throws {
    let graph = try graph.forInference()
    channels = try graph.inferShapes()[0][0].channels
    nodes = graph.nodes.map { node in
      let operation = Self.standIn(for: node.operation)
      let inputs =
        operation is Resize2D && node.operation is MaxUnpool2D
        ? [node.inputs[0], node.inputs[2]] : node.inputs
      return Graph.Node(name: node.name, operation: operation, inputs: inputs)
    }
    output = graph.outputs[0]
  }

  private static func standIn(for operation: any Operator) -> any Operator {
    switch operation {
    case let layer as Convolution:
      Convolution(
        outputs: 1, kernel: layer.kernel, stride: layer.stride, padding: layer.padding,
        dilation: layer.dilation, bias: false)
    case let layer as TransposedConvolution:
      TransposedConvolution(
        outputs: 1, kernel: layer.kernel, stride: layer.stride, padding: layer.padding, bias: false)
    case let pool as MaxPool2D:
      AveragePool2D(kernel: pool.kernel, stride: pool.stride, padding: pool.padding)
    case is MaxUnpool2D:
      Resize2D(.reference, .nearest)
    case is ActivationLayer, is BatchNorm2D, is LocalResponseNorm, is Dropout:
      ActivationLayer(.identity)
    default:
      operation
    }
  }

  /// Rows from the first to the last whose pixels have a gradient, for the output in each of these rows.
  ///
  /// All outputs of a row count, so that an image need not be wide.
  func extents(height: Int, width: Int, rows: [Int]) throws -> [Int] {
    let shape = Shape(batch: rows.count, height: height, width: width, channels: channels)
    var nodes = nodes
    nodes[0] = Graph.Node(name: "input", operation: ImageParameter(shape: shape), inputs: [])
    nodes.append(Graph.Node(name: "rows", operation: RowSum(rows: rows), inputs: [output]))
    let graph = try Graph(nodes: nodes, outputs: [Graph.Value(node: nodes.count - 1)])
    var parameters: [String: Tensor] = [:]
    for parameter in try graph.parameterSpecs() {
      let shape = parameter.spec.shape
      parameters[parameter.name] = Tensor(repeating: Self.weight(shape), shape: shape)
    }
    let plan = try Plan(
      graph, inputs: [:], mode: .training, parameters: ParameterStore(graph, parameters),
      pool: ThreadPool(threads: 2), isFrozen: { $0 != "input.weight" })
    plan.forward()
    plan.backward()
    let image = plan.trained[0]
    let line = width * channels
    return rows.indices.map { index in
      let seen = (0..<height).filter { row in
        let start = (index * height + row) * line
        return (start..<start + line).contains { image.gradient[$0] != 0 }
      }
      return (seen.last ?? 0) - (seen.first ?? 1) + 1
    }
  }

  /// Weights of a kernel: 1 for a 1×1, and such for larger ones that the gradient at the rim of a field stays above the
  /// least float of the deepest networks, and that in its middle below the largest.
  private static func weight(_ shape: Shape) -> Float {
    guard shape.rank == 4, shape[0] == 1 else { return 1e-3 }
    let (rows, columns) = (Double(shape[2]), Double(shape[3]))
    return Float(1 / columns * pow(rows, -0.7))
  }
}

/// An image that is a parameter, so that training gives its gradient.
private struct ImageParameter: Operator {
  let shape: Shape

  var label: String { "image" }
  var backwardReads: BackwardReads { [] }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { [shape] }

  func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    [ParameterSpec("weight", [shape.count], .constant(0))]
  }

  func forward(_ pass: ForwardPass) {
    pass.outputs[0].copy(from: Tensor(repeating: pass.parameters[0][0], shape: shape))
  }

  func backward(_ pass: BackwardPass) {
    guard let source = pass.outputGradients[0], let target = pass.parameterGradients[0] else { return }
    for pixel in 0..<source.pixels {
      (target + pixel * shape.channels).update(from: source.pixel(pixel), count: shape.channels)
    }
  }
}

/// The sum of one row of each image, another for each.
private struct RowSum: Operator {
  let rows: [Int]

  var label: String { "row_sum" }
  var backwardReads: BackwardReads { [] }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { [[1, 1, 1, 1]] }

  func forward(_ pass: ForwardPass) {
    let input = pass.inputs[0]
    var sum: Float = 0
    for (image, row) in rows.enumerated() {
      for column in 0..<input.shape.width { sum += input.pixel(image, row, column)[0] }
    }
    pass.outputs[0].pointer[0] = sum
  }

  func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0], let target = pass.inputGradients[0] else { return }
    for pixel in 0..<target.pixels { target.pixel(pixel).update(repeating: 0, count: target.channels) }
    for (image, row) in rows.enumerated() {
      for column in 0..<target.shape.width {
        for channel in 0..<target.channels { target.pixel(image, row, column)[channel] = gradient.pointer[0] }
      }
    }
  }
}
