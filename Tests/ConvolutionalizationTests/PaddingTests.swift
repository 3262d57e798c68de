import Backbones
import Convolutionalization
import Foundation
import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

/// VGG-16 and AlexNet as convolutions, at their training size and on larger images, up to where padding makes a
/// classifier on a part of an image and a network that slides over all of it two things.
@Suite struct PaddingTests {
  /// A classifier whose convolutions are padded.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let network: any Network
    /// Rows and columns of features that the first dense layer reads.
    let features: Int
    /// Pixels that a cell sees, padding included.
    let field: Int
    /// Pixels that it sees above and to the left of its part of 224×224.
    let reach: Int
    /// Whether some cells stand for all where each takes a run of its own.
    let isLarge: Bool
  }

  /// The kernels, strides and paddings of VGG-16 with fewer channels.
  static let thin = Case(
    testDescription: "vgg16, thin",
    network: VGG(convolutions: [2, 2, 3, 3, 3], batchNorm: false, width: 4, hidden: 32, classes: 10),
    features: 7, field: 404, reach: 90, isLarge: false)
  static let alexnet = Case(
    testDescription: "alexnet", network: AlexNet(classes: 10), features: 6, field: 355, reach: 66,
    isLarge: true)
  static let vgg16 = Case(
    testDescription: "vgg16", network: VGG(.vgg16), features: 7, field: 404, reach: 90, isLarge: true)
  /// VGG-16 as large as it is takes a quarter of a minute; a variable of the environment asks for it.
  static let cases =
    [thin, alexnet] + (ProcessInfo.processInfo.environment["TESSERA_FULL_SIZE"] == "1" ? [vgg16] : [])

  private let pool = ThreadPool(threads: 2)

  @Test(arguments: cases) func equalAtTheTrainingSize(of item: Case) throws {
    let pairing = try Pairing(item.network, [1, 224, 224, 3], biases: 0.1)
    let image = Tensor.random([1, 224, 224, 3], seed: 1)
    let (found, expected) = (try pairing.slider(pool).run(image), try pairing.classifier(pool).run(image))
    #expect(found.shape == expected.shape)
    expectEqual(found, expected, largest: expected.largest, "training size", limit: 1e-5)
  }

  /// Each cell of any image is what the dense layers give on the part of the image's features below it.
  @Test(arguments: cases) func eachCellIsTheDenseLayersOnItsFeatures(of item: Case) throws {
    let pairing = try Pairing(item.network, [1, 224, 224, 3], biases: 0.1)
    let image = Tensor.random([1, 320, 480, 3], seed: 2)
    let map = try pairing.slider(pool).run(image)
    #expect(map.shape.height == 4 && map.shape.width == 9)
    let (trunk, head) = try pairing.graph.split(behindLast: "max_pool2d")
    let features = try InferenceModel(trunk, parameters: pairing.parameters, pool: pool).run(image)
    let dense = try InferenceModel(head, parameters: pairing.parameters, pool: pool)
    for (row, column) in cells(0..<4, 0..<9) {
      let part = features.part(y: row, x: column, height: item.features, width: item.features)
      let found = map.part(y: row, x: column, height: 1, width: 1)
      expectEqual(found, try dense.run(part), largest: map.largest, "features \(row) \(column)")
    }
  }

  /// Where nothing lies around a part's middle, and blank pixels stay blank as convolutions have no biases, a padding's
  /// zeros are what the image has there: each cell is what the classifier gives on its part.
  @Test(arguments: cases) func eachCellIsTheClassifierOnItsPartInBlankSurroundings(of item: Case) throws {
    let pairing = try Pairing(item.network, [1, 224, 224, 3])
    let (slider, classifier) = (try pairing.slider(pool), try pairing.classifier(pool))
    let middle = 224 - 2 * item.reach
    let pattern = Tensor.random([1, middle, middle, 3], seed: 3)
    let part = Tensor.blank(224, 224).with(pattern, y: item.reach, x: item.reach)
    let expected = try classifier.run(part)
    #expect(expected.largest > 0)
    let (rows, columns) = item.isLarge ? ([0, 2, 3], [0, 4, 8]) : (Array(0..<4), Array(0..<9))
    for (row, column) in cells(rows, columns) {
      let image = Tensor.blank(320, 480)
        .with(pattern, y: 32 * row + item.reach, x: 32 * column + item.reach)
      let found = try slider.run(image).part(y: row, x: column, height: 1, width: 1)
      expectEqual(found, expected, largest: expected.largest, "blank \(row) \(column)")
    }
  }

  /// A cell that sees no border is what the classifier without any padding gives on all that the cell sees.
  @Test(arguments: cases) func aCellAwayFromBordersIsTheClassifierWithoutPadding(of item: Case) throws {
    let pairing = try Pairing(item.network, [1, 224, 224, 3], biases: 0.1)
    let side = item.field
    let open = try item.network.graph(nominal: [1, side, side, 3]).withoutPadding()
    let image = Tensor.random([1, 608, 480, 3], seed: 4)
    let map = try pairing.slider(pool).run(image)
    let model = try InferenceModel(open, parameters: pairing.parameters, pool: pool)
    func whole(_ cells: Int, _ pixels: Int) -> [Int] {
      (0..<cells).filter { $0 * 32 >= item.reach && $0 * 32 - item.reach + side <= pixels }
    }
    let (rows, columns) = (whole(map.shape.height, 608), whole(map.shape.width, 480))
    #expect(rows == Array(3...9) && columns == Array(3...5))
    for (row, column) in item.isLarge ? cells([rows[0], rows[6]], [4]) : cells(rows, columns) {
      let part = image.part(
        y: row * 32 - item.reach, x: column * 32 - item.reach, height: side, width: side)
      let found = map.part(y: row, x: column, height: 1, width: 1)
      expectEqual(found, try model.run(part), largest: map.largest, "away \(row) \(column)")
    }
  }

  private func cells(
    _ rows: some Sequence<Int>, _ columns: some Sequence<Int>
  ) -> [(row: Int, column: Int)] {
    rows.flatMap { row in columns.map { (row, $0) } }
  }

  private func expectEqual(
    _ found: Tensor, _ expected: Tensor, largest: Float, _ place: String,
    limit: Float = 2e-5, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let difference = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
    #expect(
      found.count == expected.count && difference <= limit * largest, "\(place)",
      sourceLocation: sourceLocation)
  }
}

extension Graph {
  /// The layers up to the last one of that kind, and those behind it as a network of their own.
  fileprivate func split(behindLast label: String) throws -> (Graph, Graph) {
    let index = try #require(nodes.indices.last { nodes[$0].operation.label == label })
    let shapes = try inferShapes()
    let input = Node(name: "features", operation: Input(nominal: shapes[index][0]), inputs: [])
    let rest = nodes[(index + 1)...].map { node in
      Node(
        name: node.name, operation: node.operation,
        inputs: node.inputs.map { Value(node: $0.node - index, output: $0.output) })
    }
    return (
      try Graph(nodes: Array(nodes[...index]), outputs: [Value(node: index)]),
      try Graph(nodes: [input] + rest, outputs: outputs.map { Value(node: $0.node - index) })
    )
  }

  /// The same network with no padding in any convolution.
  fileprivate func withoutPadding() throws -> Graph {
    try Graph(
      nodes: nodes.map { node in
        guard let layer = node.operation as? Convolution else { return node }
        let open = Convolution(
          outputs: layer.outputs, kernel: layer.kernel, stride: layer.stride, dilation: layer.dilation,
          groups: layer.groups, bias: layer.bias)
        return Node(name: node.name, operation: open, inputs: node.inputs)
      }, outputs: outputs)
  }
}

extension Tensor {
  /// An image of zeros.
  fileprivate static func blank(_ height: Int, _ width: Int) -> Tensor {
    Tensor(zeros: [1, height, width, 3])
  }

  /// The image with another put in.
  fileprivate func with(_ pattern: Tensor, y: Int, x: Int) -> Tensor {
    var image = self
    let (line, channels) = (pattern.shape.width * pattern.shape.channels, shape.channels)
    image.withUnsafeMutableElements { elements in
      for row in 0..<pattern.shape.height {
        for place in 0..<line {
          elements[((y + row) * shape.width + x) * channels + place] = pattern.elements[row * line + place]
        }
      }
    }
    return image
  }
}
