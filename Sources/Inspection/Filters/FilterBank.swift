import Graphs
import Layers
import TensorCore

/// The filters of a convolution: a weight `[O, I, KH, KW]`, or of a transposed one `[I, O, KH, KW]`.
public struct FilterBank: Sendable {
  /// The layer's name.
  public let layer: String
  /// Its operator.
  public let label: String
  /// How many filters there are, one for each channel of the output.
  public let outputs: Int
  /// The channels that each reads; of a convolution in groups those of its group.
  public let inputs: Int
  /// Rows of a filter.
  public let height: Int
  /// Columns of a filter.
  public let width: Int
  /// The size of the largest weight.
  public let largest: Float
  /// Whether the filters read red, green and blue of an image.
  public let readsColor: Bool

  private let elements: [Float]
  private let isTransposed: Bool

  /// The weights of a layer, checked to be of one.
  fileprivate init(_ node: Graph.Node, _ weight: Tensor, readsImage: Bool) {
    (layer, label) = (node.name, node.operation.label)
    isTransposed = node.operation is TransposedConvolution
    outputs = weight.shape[isTransposed ? 1 : 0]
    inputs = weight.shape[isTransposed ? 0 : 1]
    (height, width) = (weight.shape[2], weight.shape[3])
    elements = weight.elements
    largest = elements.reduce(0) { $1.isNaN ? .nan : max($0, abs($1)) }
    readsColor = readsImage && inputs == 3
  }

  /// The weight by which an output takes an input at a place.
  public func weight(_ output: Int, _ input: Int, _ row: Int, _ column: Int) -> Float {
    let slice = isTransposed ? input * outputs + output : output * inputs + input
    return elements[(slice * height + row) * width + column]
  }

  /// The weights by which an output takes an input.
  public func map(_ output: Int, _ input: Int) -> ValueMap {
    ValueMap(
      rows: height, columns: width,
      values: (0..<height * width).map { weight(output, input, $0 / width, $0 % width) })
  }

  /// The mean of an output's weights.
  public func mean(ofOutput output: Int) -> Double {
    weights(ofOutput: output).reduce(0) { $0 + Double($1) } / Double(max(1, inputs * height * width))
  }

  /// The root of the sum of the squares of an output's weights.
  public func norm(ofOutput output: Int) -> Double {
    weights(ofOutput: output).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func weights(ofOutput output: Int) -> [Float] { (0..<inputs).flatMap { map(output, $0).values } }
}

extension InspectedNetwork {
  /// The filters of a convolution.
  ///
  /// - Parameter layer: the layer's index; the first convolution if `nil`.
  /// - Throws: `InspectionError.noConvolution`, `.notFinite` for weights that are no numbers, and `.graph` where the
  ///   parameters lack the weight.
  public func filters(ofLayer layer: Int? = nil) throws(InspectionError) -> FilterBank {
    guard let layer = layer ?? graph.nodes.firstIndex(where: { Self.isConvolution($0.operation) }) else {
      throw .noConvolution(layer: name, operator: "none", near: [])
    }
    let node = graph.nodes[layer]
    guard Self.isConvolution(node.operation) else {
      throw .noConvolution(
        layer: node.name, operator: Self.label(of: node.operation), near: convolutions(near: layer))
    }
    guard let weight = parameters["\(node.name).weight"], weight.shape.rank == 4 else {
      throw .graph(model: name, .parameterMissing("\(node.name).weight"))
    }
    let bank = FilterBank(node, weight, readsImage: readsImage(layer))
    guard bank.largest.isFinite else { throw .notFinite(model: name, layer: node.name) }
    return bank
  }

  /// Whether a layer reads the image, perhaps with a border put on.
  private func readsImage(_ layer: Int) -> Bool {
    guard let source = graph.nodes[layer].inputs.first?.node else { return false }
    let operation = graph.nodes[source].operation
    return operation is Input || operation is ReflectionPad2D && readsImage(source)
  }

  /// The names of the convolutions that stand nearest to a layer.
  private func convolutions(near layer: Int) -> [String] {
    let found = graph.nodes.indices.filter { Self.isConvolution(graph.nodes[$0].operation) }
    return found.sorted { (abs($0 - layer), $0) < (abs($1 - layer), $1) }.prefix(4).map {
      graph.nodes[$0].name
    }
  }
}
