import Graphs
import Layers
import TensorCore
import Testing

@Suite struct CostTests {
  private func graph() throws -> Graph {
    try network([1, 8, 8, 3]) { image in
      let y = try image.conv(4, kernel: 3, stride: 2, "a").batchNorm("n").relu()
      let up = try y.transposedConv(2, kernel: 2, stride: 2, "up")
      return [try up.conv(6, kernel: Pair(1, 3), groups: 2, "g").dense(5, "fc")]
    }
  }

  @Test func countsMultiplicationsByHand() throws {
    // a: 4·4 pixels · 4 outputs · 27; up: 4·4 pixels · 4 inputs · 2 outputs · 4; g: 64 · 6 · 3 · 1; fc: 384 · 5.
    #expect(try graph().macs() == [0, 1728, 0, 0, 512, 1152, 1920])
  }

  @Test func growsWithTheInput() throws {
    let trunk = try network([1, 8, 8, 3]) { [try $0.conv(4, kernel: 3, "a")] }
    #expect(try trunk.macs() == [0, 64 * 4 * 27])
    #expect(try trunk.macs(["input": [2, 5, 3, 3]]) == [0, 30 * 4 * 27])
  }

  @Test func refusesWhatShapeInferenceRefuses() throws {
    let graph = try graph()
    #expect(throws: GraphError.self) { try graph.macs(["input": [1, 8, 8, 1]]) }
  }
}
