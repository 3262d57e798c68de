import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// The index of the node of that name, or of the end of the block whose nodes' names begin so: `down1` is the ReLU
  /// behind the last layer of `down1.…`, `layer2` the ReLU behind the last sum of `layer2.…`. Numbers that PyTorch
  /// gives activations and poolings in a list count on from the layer before: `features.30` of VGG-16 is its last pooling.
  ///
  /// - Throws: `InspectionError.unknownLayer`.
  public func layer(_ name: String) throws(InspectionError) -> Int {
    if let index = graph.nodes.firstIndex(where: { $0.name == name }) { return index }
    if let index = end(ofBlock: name) ?? counted(name) { return index }
    throw .unknownLayer(
      name: name, model: self.name, near: NearNames.of(name, in: blocks + graph.nodes.map(\.name)))
  }

  /// What a picture calls a layer that someone named: both names where they differ, `down2: relu_21`.
  public func title(ofLayer layer: Int, named name: String?) -> String {
    let own = graph.nodes[layer].name
    return if let name, name != own { "\(name): \(own)" } else { own }
  }

  /// The starts of names, up to a dot, each once and in order.
  private var blocks: [String] {
    var seen: Set<String> = []
    return graph.nodes.flatMap { node in
      let parts = node.name.split(separator: ".")
      return (1..<max(1, parts.count)).map { parts.prefix($0).joined(separator: ".") }
    }.filter { seen.insert($0).inserted }
  }

  /// The layer that a list of PyTorch's modules has under a number that no node bears, because activations and poolings
  /// have names of their own here: `features.30` of VGG-16 is its last pooling, two behind `features.28`.
  private func counted(_ name: String) -> Int? {
    guard let dot = name.lastIndex(of: "."), let number = Int(name[name.index(after: dot)...]) else {
      return nil
    }
    let list = name[...dot]
    func place(_ node: Graph.Node) -> Int? {
      node.name.hasPrefix(list) ? Int(node.name.dropFirst(list.count)) : nil
    }
    let numbered = graph.nodes.indices.compactMap { index in place(graph.nodes[index]).map { (index, $0) } }
    guard let before = numbered.last(where: { $0.1 < number }) else { return nil }
    let index = before.0 + number - before.1
    // The next number tells whether counting is right; none lies beyond what has no weights.
    if let after = numbered.first(where: { $0.1 > number }) {
      guard after.0 - before.0 == after.1 - before.1 else { return nil }
    }
    guard index < graph.nodes.count else { return nil }
    let between = graph.nodes[before.0 + 1...index]
    let isChain = between.enumerated().allSatisfy { $1.inputs.first?.node == before.0 + $0 }
    let isUnnamed = between.allSatisfy { $0.operation is ActivationLayer || $0.operation is MaxPool2D }
    return isChain && isUnnamed ? index : nil
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
    for index in nodes.indices where !follows[index] {
      follows[index] = seen(by: index).contains { follows[$0] }
    }
    for index in nodes.indices where leads[index] && follows[index] { belongs[index] = true }
    for index in first..<nodes.count where !belongs[index] {
      let (operation, sources) = (nodes[index].operation, seen(by: index))
      guard operation is ActivationLayer || operation is Addition || operation is Concatenation else {
        continue
      }
      belongs[index] =
        sources.contains { belongs[$0] }
        && sources.allSatisfy { belongs[$0] || operation is Addition && leads[$0] }
    }
    return belongs.lastIndex(of: true)
  }
}
