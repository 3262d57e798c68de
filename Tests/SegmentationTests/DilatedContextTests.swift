import Graphs
import Segmentation
import TensorCore
import TestSupport
import Testing

@Suite struct DilatedContextTests {
  private let frontend = DilatedFrontend(classes: 3, width: 2)

  private func logits(_ network: some SegmentationNetwork, _ image: Tensor, bias: Float) throws -> Tensor {
    let graph = try network.graph()
    var parameters = try graph.initialParameters(seed: 3)
    // Scores above 0, which no ReLU cuts.
    parameters["score.bias"] = Tensor(repeating: bias, shape: [3])
    return try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 2)).run(image)
  }

  @Test(arguments: [(DilatedContext.Module.basic, Float(1e-6)), (.large, 0.02)])
  func startsAsTheIdentity(module: DilatedContext.Module, tolerance: Float) throws {
    let image = Tensor.random([1, 61, 50, 3], seed: 2).map { $0 / 10 }
    let before = try logits(frontend, image, bias: 5)
    let behind = try logits(DilatedContext(module, frontend: frontend), image, bias: 5)
    #expect(before.elements.allSatisfy { $0 > 0 })
    #expect(behind.difference(from: before) <= tolerance * before.largest)
  }

  @Test(arguments: [
    (DilatedContext.Module.basic, [3, 3, 3, 3, 3, 3, 3, 3]), (.large, [6, 6, 12, 24, 48, 96, 96, 3]),
  ])
  func hasTheLayersOfThePaper(module: DilatedContext.Module, widths: [Int]) throws {
    let specs = try DilatedContext(module, frontend: frontend).graph().parameterSpecs()
    let biases = specs.filter { $0.name.hasPrefix("context.") && $0.name.hasSuffix("bias") }
    #expect(biases.map { $0.spec.shape[0] } == widths)
  }

  /// Table 1: 67 scores, which lie 8 pixels apart.
  @Test func contextSeesAsFarAsThePaperSays() throws {
    let (small, large) = try (frontend.graph(), DilatedContext(.basic, frontend: frontend).graph())
    func field(_ graph: Graph, _ name: String) throws -> Int {
      let index = try #require(graph.nodes.firstIndex { $0.name == name })
      return try #require(try graph.receptiveFields()[index]).height
    }
    #expect(try field(large, "context.7") - field(small, "score") == 66 * 8)
  }
}
