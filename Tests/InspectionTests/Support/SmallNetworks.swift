import Foundation
import Graphs
import Inspection
import Layers
import TensorCore
import Weights

/// Networks that are small enough to be followed by hand, and those of `Tools/Golden/explanations.py`.
enum SmallNetworks {
  /// Two levels with a skip, a pooling with indices, and an unpooling.
  static func linked() throws -> Graph {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 8, 8, 3])
    let fine = try image.conv(4, kernel: 3, "down.conv").batchNorm("down.norm").relu()
    let (pooled, indices) = try fine.maxPoolWithIndices(kernel: 2, stride: 2)
    let coarse = try pooled.conv(4, kernel: 3, stride: 1, "middle.conv").relu()
    let up = try coarse.unpooled(by: indices, like: fine)
    let joined = try up.concatenated(with: fine).dropout(0.5)
    return try builder.graph(outputs: [try joined.conv(2, kernel: 1, "head")])
  }

  /// The classifier of rock, paper and scissors that courses build: 16, 32 and 64 filters on 32×32×3.
  static func rockPaperScissors() throws -> Graph {
    let builder = GraphBuilder()
    var y = try builder.input(nominal: [1, 32, 32, 3])
    for (index, filters) in [16, 32, 64].enumerated() {
      y = try y.conv(filters, kernel: 3, padding: 0, Scope("conv\(index + 1)")).relu().maxPool(
        kernel: 2, stride: 2)
    }
    y = try y.dense(128, "dense1").relu().dense(3, "dense2")
    return try builder.graph(outputs: [y])
  }

  static func classifier() throws -> Graph {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 12, 10, 3])
    let y = try image.conv(4, kernel: 3, "c1").relu().maxPool(kernel: 2, stride: 2)
      .conv(5, kernel: 3, bias: false, "c2").batchNorm("bn").relu().globalAveragePool().dense(3, "head")
    return try builder.graph(outputs: [y])
  }

  static func segmenter() throws -> Graph {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 12, 10, 3])
    let y = try image.conv(4, kernel: 3, stride: 2, padding: 1, "s1").relu().resized(by: 2, .nearest)
      .conv(3, kernel: 3, "s2")
    return try builder.graph(outputs: [y])
  }

  /// The reference values.
  static func golden() throws -> SafetensorsFile {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    return try SafetensorsReader.read(folder.appendingPathComponent("Golden/explanations.safetensors").path)
  }

  /// A network with the reference's parameters.
  static func network(_ graph: Graph, _ file: SafetensorsFile) throws -> InspectedNetwork {
    var parameters: [String: Tensor] = [:]
    for parameter in try graph.parameterSpecs() {
      parameters[parameter.name] = try file.tensor("parameters.\(parameter.name)")
    }
    return try InspectedNetwork(name: "small", graph: graph, parameters: parameters)
  }

  /// A network with fresh parameters.
  static func fresh(_ graph: Graph, seed: UInt64 = 1) throws -> InspectedNetwork {
    try InspectedNetwork(name: "fresh", graph: graph, parameters: try graph.initialParameters(seed: seed))
  }
}

/// The largest difference of two lists over the largest of the second.
func error(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  let largest = expected.reduce(0) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(largest, .leastNormalMagnitude)
}
