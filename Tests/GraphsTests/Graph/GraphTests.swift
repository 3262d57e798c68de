import Graphs
import Layers
import TensorCore
import Testing

@Suite struct GraphTests {
  private typealias Value = Graph.Value
  private let input = Graph.Node(name: "input", operation: Input(nominal: [1, 4, 4, 2]), inputs: [])

  private func relu(_ name: String, _ input: Int) -> Graph.Node {
    Graph.Node(name: name, operation: ActivationLayer(.relu), inputs: [Value(node: input)])
  }

  @Test func equalsAGraphOfTheSameNodes() throws {
    let graph = try Graph(nodes: [input, relu("a", 0)], outputs: [Value(node: 1)])
    #expect(graph == (try Graph(nodes: [input, relu("a", 0)], outputs: [Value(node: 1)])))
    #expect(graph != (try Graph(nodes: [input, relu("b", 0)], outputs: [Value(node: 1)])))
    #expect(graph != (try Graph(nodes: [input, relu("a", 0)], outputs: [Value(node: 0)])))
    let other = Graph.Node(name: "a", operation: ActivationLayer(.tanh), inputs: [Value(node: 0)])
    #expect(graph != (try Graph(nodes: [input, other], outputs: [Value(node: 1)])))
    let dropout = Graph.Node(name: "a", operation: Dropout(0.5), inputs: [Value(node: 0)])
    #expect(graph != (try Graph(nodes: [input, dropout], outputs: [Value(node: 1)])))
    let wider = Graph.Node(name: "input", operation: Input(nominal: [1, 4, 5, 2]), inputs: [])
    #expect(graph != (try Graph(nodes: [wider, relu("a", 0)], outputs: [Value(node: 1)])))
  }

  @Test func refusesARepeatedName() throws {
    let error = #expect(throws: GraphError.duplicateName("a")) {
      try Graph(nodes: [input, relu("a", 0), relu("a", 1)], outputs: [])
    }
    #expect(error?.description == "a: expected a name of its own for each node, found it twice")
  }

  @Test func refusesANodeBeforeWhatItReads() throws {
    let error = #expect(throws: GraphError.notInOrder("a")) {
      try Graph(nodes: [input, relu("a", 2), relu("b", 0)], outputs: [])
    }
    #expect(error?.description == "a: expected inputs of earlier nodes, found a later one")
    #expect(throws: GraphError.notInOrder("a")) { try Graph(nodes: [input, relu("a", 1)], outputs: []) }
    #expect(throws: GraphError.notInOrder("output")) { try Graph(nodes: [input], outputs: [Value(node: 1)]) }
  }

  @Test func listsReadersOnceAndInOrder() throws {
    let sum = Graph.Node(
      name: "sum", operation: Addition(), inputs: [Value(node: 1), Value(node: 1), Value(node: 0)])
    let graph = try Graph(
      nodes: [input, relu("a", 0), sum, relu("b", 1)], outputs: [Value(node: 3), Value(node: 2)])
    #expect(graph.readers == [[1, 2], [2, 3], [], []])
    #expect(graph.inputs == [0])
  }

  @Test func readersOfAnyOutputCount() throws {
    let graph = try network([1, 4, 4, 2]) { image in
      let pool = try image.maxPoolWithIndices(kernel: 2, stride: 2)
      let unpool = try pool.pooled.builder.add(
        MaxUnpool2D(kernel: 2, stride: 2), name: "unpool", inputs: [pool.pooled, pool.indices])
      return unpool
    }
    #expect(graph.readers == [[1], [2], []])
    #expect(graph.nodes[2].inputs == [Value(node: 1, output: 0), Value(node: 1, output: 1)])
  }
}
