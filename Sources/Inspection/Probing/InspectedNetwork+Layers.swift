import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// The index of the node of that name, or of the end of the block whose nodes' names begin so: `down1` is the ReLU
  /// behind the last layer of `down1.…`, `layer2` the ReLU behind the last sum of `layer2.…`.
  ///
  /// - Throws: `InspectionError.unknownLayer`.
  public func layer(_ name: String) throws(InspectionError) -> Int {
    if let index = graph.nodes.firstIndex(where: { $0.name == name }) { return index }
    if let index = end(ofBlock: name) { return index }
    throw .unknownLayer(
      name: name, model: self.name, near: NearNames.of(name, in: graph.nodes.map(\.name)))
  }

  /// The index of the convolution of that name, or of the last one whose name begins so; where there is none, the layer
  /// of that name.
  ///
  /// - Throws: `InspectionError.unknownLayer`.
  public func convolution(_ name: String) throws(InspectionError) -> Int {
    if graph.nodes.contains(where: { $0.name == name }) { return try layer(name) }
    let last = graph.nodes.lastIndex {
      !name.isEmpty && $0.name.hasPrefix(name + ".") && Self.isConvolution($0.operation)
    }
    return if let last { last } else { try layer(name) }
  }

  /// Where the elements of a layer's map lie in an input: by its strides and paddings, so that what a network puts on at
  /// a border lies outside.
  ///
  /// - Throws: `InspectionError.noMap` for a layer that does not see the input.
  func grid(of layer: Int, for input: Shape) throws(InspectionError) -> MapGrid {
    let shape = try shapes(for: input)[layer]
    let field: ReceptiveField?
    do throws(GraphError) {
      field = try graph.receptiveFields([self.input: input])[layer]
    } catch {
      throw .graph(model: name, error)
    }
    guard let field else {
      throw .noMap(layer: graph.nodes[layer].name, height: shape.height, width: shape.width)
    }
    // Scores that were resized to the image's size are its pixels', whatever they were made of.
    if (shape.height, shape.width) == (input.height, input.width) { return .pixels }
    return MapGrid(
      top: field.originHeight, left: field.originWidth, rowStep: field.strideHeight,
      columnStep: field.strideWidth)
  }

  static func isConvolution(_ operation: any Operator) -> Bool {
    operation is Convolution || operation is TransposedConvolution
  }

  /// The last layer of those whose names begin with a prefix and a dot, or of what belongs to them behind: activations,
  /// joins of what they give, and sums of that with what they read.
  private func end(ofBlock prefix: String) -> Int? {
    let nodes = graph.nodes
    var belongs = nodes.map { !prefix.isEmpty && $0.name.hasPrefix(prefix + ".") }
    guard let first = belongs.firstIndex(of: true) else { return nil }
    var (leads, follows) = (belongs, belongs)
    for index in nodes.indices.reversed() where leads[index] {
      for source in seen(by: index) { leads[source] = true }
    }
    for index in nodes.indices where !follows[index] { follows[index] = seen(by: index).contains { follows[$0] } }
    for index in nodes.indices where leads[index] && follows[index] { belongs[index] = true }
    for index in first..<nodes.count where !belongs[index] {
      let (operation, sources) = (nodes[index].operation, seen(by: index))
      guard operation is ActivationLayer || operation is Addition || operation is Concatenation else { continue }
      belongs[index] =
        sources.contains { belongs[$0] }
        && sources.allSatisfy { belongs[$0] || operation is Addition && leads[$0] }
    }
    return belongs.lastIndex(of: true)
  }
}
