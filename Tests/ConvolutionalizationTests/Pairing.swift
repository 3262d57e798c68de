import Convolutionalization
import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

/// A classifier, its parameters, and what it slides as.
struct Pairing {
  let graph: Graph
  private(set) var parameters: [String: Tensor]
  let sliding: SlidingClassifier

  /// Convolutions start without biases; `biases` is the deviation of random ones.
  init(_ network: some Network, _ nominal: Shape, biases: Float = 0) throws {
    graph = try network.graph(nominal: nominal)
    parameters = try graph.initialParameters(seed: 5)
    for (name, tensor) in parameters where biases > 0 && name.hasSuffix(".bias") {
      parameters[name] = Tensor(
        Tensor.random(tensor.shape, seed: UInt64(name.count)).elements.map { $0 * biases },
        shape: tensor.shape)
    }
    sliding = try graph.convolutionalized()
  }

  func classifier(_ pool: ThreadPool) throws -> InferenceModel {
    try InferenceModel(graph, parameters: parameters, pool: pool)
  }

  func slider(_ pool: ThreadPool) throws -> InferenceModel {
    try InferenceModel(sliding.graph, parameters: try sliding.parameters(from: parameters), pool: pool)
  }

  /// Expects each cell of a larger image to be what the classifier gives on its part.
  func compare(_ image: Tensor, cells: Pair, _ pool: ThreadPool) throws {
    let map = try slider(pool).run(image)
    #expect(map.shape.height == cells.height && map.shape.width == cells.width)
    let classifier = try classifier(pool)
    let largest = map.elements.map(abs).max() ?? 0
    for row in 0..<cells.height {
      for column in 0..<cells.width {
        let part = image.part(
          y: row * sliding.stride.height, x: column * sliding.stride.width, height: sliding.size.height,
          width: sliding.size.width)
        let expected = try classifier.run(part).elements
        let found = map.part(y: row, x: column, height: 1, width: 1).elements
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * largest }, "\(row) \(column)")
      }
    }
  }
}
